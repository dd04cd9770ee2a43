import Glibc

/// The message of a failed call into a native library, which is freed; nil when the call went well.
func takeMessage(_ message: UnsafeMutablePointer<CChar>?) -> String? {
    guard let message else { return nil }
    defer { free(message) }
    return String(cString: message)
}

/// Turns the message of a failed call into an error.
@inline(__always)
func check(_ message: UnsafeMutablePointer<CChar>?) throws(ScoringFault) {
    if let text = takeMessage(message) { throw ScoringFault(.failed, text) }
}
