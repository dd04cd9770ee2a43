import Foundation
import SwiftASN1
import X509

/// Host names and addresses as a certificate lists them.
enum HostNames {
    /// What every listener is reached by.
    static let local = ["localhost", "127.0.0.1", "::1"]
    /// Addresses to listen on, which nobody connects to.
    private static let wildcards: Set<String> = ["0.0.0.0", "::", "*", ""]

    /// The local names and the given ones, each once. Brackets around an IPv6 address are taken off.
    static func served(besides names: [String]) -> [GeneralName] {
        var seen: Set<String> = []
        return (local + names)
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "[] ")).lowercased() }
            .filter { !wildcards.contains($0) && seen.insert($0).inserted }
            .map(generalName)
    }

    private static func generalName(_ name: String) -> GeneralName {
        guard let address = addressBytes(name) else { return .dnsName(name) }
        return .ipAddress(ASN1OctetString(contentBytes: address[...]))
    }

    /// The 4 or 16 bytes of an IP address, or nil for a name.
    private static func addressBytes(_ text: String) -> [UInt8]? {
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: length)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
