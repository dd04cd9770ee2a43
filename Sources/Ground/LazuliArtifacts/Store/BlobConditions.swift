public import Foundation
import LazuliResources

/// The conditions of a request, RFC 9110 section 13 as the Blob service applies them.
public struct BlobConditions: Sendable {
    /// An ETag, or `*`: the blob must exist.
    public var ifMatch: String?
    /// An ETag, or `*`: the blob must not exist.
    public var ifNoneMatch: String?
    public var ifModifiedSince: Date?
    public var ifUnmodifiedSince: Date?

    public init(
        ifMatch: String? = nil, ifNoneMatch: String? = nil, ifModifiedSince: Date? = nil, ifUnmodifiedSince: Date? = nil
    ) {
        self.ifMatch = ifMatch
        self.ifNoneMatch = ifNoneMatch
        self.ifModifiedSince = ifModifiedSince
        self.ifUnmodifiedSince = ifUnmodifiedSince
    }

    public static let none = BlobConditions()
    public static let mustNotExist = BlobConditions(ifNoneMatch: "*")

    /// Whether only a new blob may be made.
    public var demandsNew: Bool { ifNoneMatch?.trimmingCharacters(in: .whitespaces) == "*" }

    /// - Throws: `preconditionFailed`, or `conflict` for a blob that should not exist.
    func checkWrite(over current: BlobProperties?, at address: BlobAddress) throws {
        if demandsNew, current != nil {
            throw BlobFault.blobAlreadyExists.error(
                "The blob \(address.name) exists already and If-None-Match: * was asked.", target: address.name.text)
        }
        guard let current else {
            if ifMatch != nil { throw notMet("If-Match", address, "there is no such blob") }
            return
        }
        try checkExisting(current, address)
        if matches(ifNoneMatch, current.etag) { throw notMet("If-None-Match", address, "the blob has not changed") }
        if let date = ifModifiedSince, current.lastModified < date.addingTimeInterval(1) {
            throw notMet("If-Modified-Since", address, "the blob has not changed since")
        }
    }

    public enum Reading: Sendable { case proceed, notModified }

    /// - Throws: `preconditionFailed` if the blob is another than the caller knows.
    public func checkRead(of current: BlobProperties, at address: BlobAddress) throws -> Reading {
        try checkExisting(current, address)
        if matches(ifNoneMatch, current.etag) || demandsNew { return .notModified }
        if ifNoneMatch == nil, let date = ifModifiedSince, current.lastModified < date.addingTimeInterval(1) {
            return .notModified
        }
        return .proceed
    }

    private func checkExisting(_ current: BlobProperties, _ address: BlobAddress) throws {
        if let ifMatch, ifMatch != "*", !matches(ifMatch, current.etag) {
            throw notMet("If-Match", address, "the blob's ETag is \(current.etag)")
        }
        if let date = ifUnmodifiedSince, current.lastModified >= date.addingTimeInterval(1) {
            throw notMet("If-Unmodified-Since", address, "the blob has changed since")
        }
    }

    /// Quotes and a weakness mark do not count: clients send an ETag back in either form.
    private func matches(_ condition: String?, _ etag: String) -> Bool {
        guard let condition else { return false }
        func bare(_ text: Substring) -> String {
            let weakless = text.trimmingCharacters(in: .whitespaces)
            return (weakless.hasPrefix("W/") ? String(weakless.dropFirst(2)) : weakless)
                .trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        }
        return condition.split(separator: ",").contains { bare($0) == bare(etag[...]) }
    }

    private func notMet(_ condition: String, _ address: BlobAddress, _ reason: String) -> ServiceError {
        BlobFault.conditionNotMet.error(
            "\(condition) is not met for the blob \(address.name): \(reason).", target: address.name.text)
    }
}
