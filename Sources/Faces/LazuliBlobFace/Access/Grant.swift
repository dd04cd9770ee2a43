import LazuliArtifacts
import LazuliResources

/// What a request has proved: whose account it is for, and by what right.
struct Grant: Sendable {
    enum Right: Sendable {
        /// The account's key: everything.
        case key
        case signature(SharedAccessSignature)
        case caller(Caller)
    }

    let account: String
    let right: Right

    /// Whether the right allows new blobs and no change of old ones.
    func allowsOnlyNew(_ operation: BlobOperation) -> Bool {
        guard case .signature(let signature) = right else { return false }
        return operation.requirement.permissions.contains("c") && !signature.permissions.contains("w")
    }
}
