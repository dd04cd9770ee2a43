import Crypto
import Foundation
import LazuliResources
import Synchronization

/// Sign-in of a person on a device without a browser (RFC 8628): the device shows a code, the person approves it.
///
/// Codes live in memory for fifteen minutes; a restart of the server asks for a new one.
public final class DeviceCodes: Sendable {
    /// What the device is told.
    public struct Begun: Sendable {
        public let deviceCode: String
        /// What the person types: `BCDF-GHJK`.
        public let userCode: String
        public let lifetimeSeconds: Int
    }

    private struct Pending {
        let userCode: String
        let clientID: String
        let audience: String
        /// Milliseconds since 1970.
        let expires: Int64
        var approvedBy: String?
    }

    /// Letters that form no words and are not mistaken for one another.
    private static let letters = Array("BCDFGHJKLMNPQRSTVWXZ")
    private static let lifetimeSeconds = 900
    private static let mostPending = 1_000

    private let clock: WallClock
    /// By the hash of the device code.
    private let pending = Mutex<[Data: Pending]>([:])

    init(clock: WallClock) { self.clock = clock }

    /// - Throws: `temporarily_unavailable` when a thousand sign-ins wait already.
    func begin(clientID: String, audience: String) throws(OAuthError) -> Begun {
        let begun = Begun(
            deviceCode: RandomText.base64URL(byteCount: 32), userCode: Self.newUserCode(),
            lifetimeSeconds: Self.lifetimeSeconds)
        let now = clock.now()
        let isFull = pending.withLock { pending in
            pending = pending.filter { $0.value.expires > now }
            guard pending.count < Self.mostPending else { return true }
            pending[Self.key(begun.deviceCode)] = Pending(
                userCode: begun.userCode, clientID: clientID, audience: audience,
                expires: now + Int64(Self.lifetimeSeconds) * 1000)
            return false
        }
        if isFull {
            throw OAuthError(
                error: "temporarily_unavailable",
                description: "\(Self.mostPending) sign-ins wait for approval already. Try again in some minutes.",
                status: 503)
        }
        return begun
    }

    /// The person agrees: the device becomes them.
    /// - Throws: `notFound` when no sign-in waits under that code.
    public func approve(userCode: String, objectID: String) throws {
        let wanted = Self.normalized(userCode)
        let now = clock.now()
        let found = pending.withLock { pending in
            let match = pending.first {
                $0.value.userCode == wanted && $0.value.expires > now && $0.value.approvedBy == nil
            }
            guard let key = match?.key else { return false }
            pending[key]?.approvedBy = objectID
            return true
        }
        guard found else {
            throw ServiceError(
                .notFound,
                "No sign-in waits under the code \"\(userCode)\". Codes live fifteen minutes and work once; "
                    + "start the sign-in on the device again.",
                target: userCode)
        }
    }

    /// What a device's question is answered with; an approved code is used up by it.
    func redeem(_ deviceCode: String, clientID: String) throws(OAuthError) -> (objectID: String, audience: String) {
        let now = clock.now()
        let key = Self.key(deviceCode)
        let entry = pending.withLock { pending -> Pending? in
            guard let entry = pending[key], entry.clientID == clientID else { return nil }
            if entry.approvedBy != nil || entry.expires <= now { pending[key] = nil }
            return entry
        }
        guard let entry, entry.expires > now else {
            throw OAuthError(
                error: "expired_token", description: "The device code is unknown or expired. Start again.", status: 400)
        }
        guard let objectID = entry.approvedBy else {
            throw OAuthError(
                error: "authorization_pending",
                description: "Nobody has approved the code \(entry.userCode) yet.", status: 400)
        }
        return (objectID, entry.audience)
    }

    private static func key(_ deviceCode: String) -> Data { Data(SHA256.hash(data: Data(deviceCode.utf8))) }

    private static func newUserCode() -> String {
        var generator = SystemRandomNumberGenerator()
        let code = (0..<8).compactMap { _ in letters.randomElement(using: &generator) }
        return String(code.prefix(4)) + "-" + String(code.suffix(4))
    }

    /// What a person typed, as `BCDF-GHJK`.
    private static func normalized(_ code: String) -> String {
        let kept = code.uppercased().filter(letters.contains)
        return kept.count == 8 ? kept.prefix(4) + "-" + kept.suffix(4) : code
    }
}
