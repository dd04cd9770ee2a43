import Crypto
import Foundation

/// The digest that the Blob service guards content with in transit; it proves nothing against forgery.
public enum ContentMD5 {
    /// Base64 of the MD5, as `Content-MD5` carries it.
    public static func text(of bytes: UnsafeRawBufferPointer) -> String {
        var hash = Insecure.MD5()
        hash.update(bufferPointer: bytes)
        return Data(hash.finalize()).base64EncodedString()
    }
}
