import Glibc

extension UnsafeMutablePointer<CChar> {
    /// The length of a text that ends with a zero.
    var length: Int { strlen(self) }

    func deallocateByC() { free(self) }
}
