import LazuliResources

/// An account and a container in it.
public struct ContainerAddress: Hashable, Sendable {
    public let account: String
    public let container: String

    /// - Parameters:
    ///   - account: 3 to 24 lower-case letters and digits.
    ///   - container: 3 to 63 lower-case letters, digits and single hyphens, beginning and ending with no hyphen.
    /// - Throws: `invalidArgument` that says which rule a name breaks.
    public init(account: String, container: String) throws {
        try Self.checkAccount(account)
        guard Self.isContainerName(container) else {
            throw BlobFault.invalidName.error(
                "\"\(container.prefix(80))\" is no container name. Use 3 to 63 lower-case letters, digits and single hyphens."
            )
        }
        self.account = account
        self.container = container
    }

    /// - Throws: `invalidArgument` if this is no account name.
    public static func checkAccount(_ account: String) throws {
        let allowed = account.utf8.allSatisfy { isLowercaseLetterOrDigit($0) }
        guard allowed, (3...24).contains(account.utf8.count) else {
            throw BlobFault.invalidName.error(
                "\"\(account.prefix(80))\" is no storage account name. Use 3 to 24 lower-case letters and digits.")
        }
    }

    static func isContainerName(_ text: String) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let bytes = Array(text.utf8)
        guard (3...63).contains(bytes.count), bytes.first != hyphen, bytes.last != hyphen else { return false }
        guard bytes.allSatisfy({ isLowercaseLetterOrDigit($0) || $0 == hyphen }) else { return false }
        return !zip(bytes, bytes.dropFirst()).contains { $0 == hyphen && $1 == hyphen }
    }

    private static func isLowercaseLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// One blob: its container and its name there.
public struct BlobAddress: Hashable, Sendable {
    public let container: ContainerAddress
    public let name: BlobName

    public init(in container: ContainerAddress, name: BlobName) {
        self.container = container
        self.name = name
    }

    /// - Throws: `invalidArgument` that says which name breaks which rule.
    public init(account: String, container: String, name: String) throws {
        self.init(in: try ContainerAddress(account: account, container: container), name: try BlobName(name))
    }
}
