import Glibc

/// Turns the message of a failed call into a native library into an error.
func check(_ message: UnsafeMutablePointer<CChar>?) throws(LearningFault) {
    guard let message else { return }
    defer { free(message) }
    throw LearningFault(String(cString: message))
}
