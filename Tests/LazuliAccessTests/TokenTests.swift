import Foundation
import LazuliAccess
import LazuliResources
import Testing

@Suite("Tokens")
struct TokenTests {
    private static let audience = "https://ml.azure.lazuli"

    private func refusal(_ fixture: AccessFixture, _ token: String) async -> String {
        let error = await failure(ServiceError.self) { try await fixture.access.tokens.caller(ofToken: token) }
        #expect(error?.code == .unauthenticated)
        return error?.message ?? "accepted"
    }

    private func ownToken(_ fixture: AccessFixture, lifetime: Int = 60) async throws -> String {
        try await fixture.access.tokens.token(
            for: fixture.ownerCaller, audience: Self.audience, lifetimeSeconds: lifetime)
    }

    @Test("A token names its principal until its last second, the first time and from the cache")
    func valid() async throws {
        try await AccessFixture.with { fixture in
            let token = try await ownToken(fixture)
            #expect(try await fixture.access.tokens.caller(ofToken: token) == fixture.ownerCaller)
            fixture.hands.advance(seconds: 59)
            #expect(try await fixture.access.tokens.caller(ofToken: token) == fixture.ownerCaller)
            fixture.hands.advance(seconds: 1)
            #expect(await refusal(fixture, token).contains("expired at 2027-01-15T08:01:00"))
        }
    }

    @Test("A token that was never seen before its end is refused as expired")
    func expiredUnseen() async throws {
        try await AccessFixture.with { fixture in
            let token = try await ownToken(fixture)
            fixture.hands.advance(seconds: 61)
            #expect(await refusal(fixture, token).contains("expired"))
        }
    }

    @Test("A token of the future is refused")
    func notYetValid() async throws {
        try await AccessFixture.with { fixture in
            let token = try await ownToken(fixture)
            fixture.hands.advance(seconds: -10)
            #expect(await refusal(fixture, token).contains("not valid before"))
        }
    }

    @Test("The claims are what the stock clients need: the audience letter by letter, a tenant, a kid in the key set")
    func claims() async throws {
        try await AccessFixture.with { fixture in
            let token = try await ownToken(fixture, lifetime: 86_399)
            let parts = token.split(separator: ".").map(String.init)
            let header = try json(parts[0]), claims = try json(parts[1])
            #expect(claims["aud"].string == Self.audience)
            #expect(claims["tid"].string?.isEmpty == false)
            #expect(claims["oid"].string == fixture.access.owner.objectID)
            #expect(claims["appid"].string == fixture.access.owner.clientID)
            #expect(claims["iss"].string == "https://localhost:1234/adfs/\(fixture.access.tokens.tenantID)")
            #expect((claims["exp"].integer ?? 0) - (claims["iat"].integer ?? 0) == 86_399)
            #expect(header["alg"].string == "ES256")
            let key = fixture.access.tokens.keySet["keys"].array?.first
            #expect(header["kid"].string == key?["kid"].string)
            #expect(key?["x"].string?.count == 43)
            #expect(key?["d"].isNull == true)
        }
    }

    @Test("Changing any part of a token makes it forged or malformed")
    func forged() async throws {
        try await AccessFixture.with { fixture in
            let token = try await ownToken(fixture)
            let parts = token.split(separator: ".").map(String.init)
            let claims = try json(parts[1])
            var promoted = claims
            promoted["exp"] = 9_999_999_999
            let none = base64URL(#"{"alg":"none","typ":"JWT"}"#)
            let forgeries = [
                "\(parts[0]).\(base64URL(promoted.text)).\(parts[2])",
                "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))",
                "\(parts[0]).\(parts[1]).",
                "\(none).\(parts[1]).",
                "\(none).\(parts[1]).\(parts[2])",
            ]
            for forgery in forgeries {
                #expect(await refusal(fixture, forgery).contains("not signed by this server"))
            }
        }
    }

    @Test("A token of another server's key is refused")
    func otherKey() async throws {
        try await AccessFixture.with { fixture in
            let foreign = try await AccessFixture.with { other in try await ownToken(other) }
            #expect(await refusal(fixture, foreign).contains("another state folder"))
        }
    }

    @Test(
        "Garbage is malformed",
        arguments: [
            "", "x", "a.b", "a.b.c", "....", "é.ü.ß", "eyJhbGciOiJFUzI1NiJ9.e30.AA",
        ])
    func garbage(text: String) async throws {
        try await AccessFixture.with { fixture in
            let message = await refusal(fixture, text)
            #expect(message.contains("malformed") || message.contains("not signed"))
        }
    }

    @Test("An identity token opens nothing")
    func identityToken() async throws {
        try await AccessFixture.with { fixture in
            let answer = try await signInByDevice(fixture)
            let message = await refusal(fixture, answer["id_token"].string ?? "")
            #expect(message.contains("malformed"))
        }
    }

    @Test("Tokens outlive a restart of the server")
    func restart() async throws {
        try await AccessFixture.with { fixture in
            let token = try await ownToken(fixture)
            let again = try await AccessFixture.open(fixture.folder, fixture.hands.clock)
            #expect(try await again.tokens.caller(ofToken: token) == fixture.ownerCaller)
            #expect(again.tokens.tenantID == fixture.access.tokens.tenantID)
            let moved = try await AccessFixture.open(
                fixture.folder, fixture.hands.clock, baseURL: "https://localhost:9")
            let error = await failure(ServiceError.self) { try await moved.tokens.caller(ofToken: token) }
            #expect(error?.message.contains("was issued by https://localhost:1234") == true)
        }
    }

    @Test("The tokens and the sign-in key of a deleted principal stop working at the next call")
    func deletedPrincipal() async throws {
        try await AccessFixture.with { fixture in
            let caller = try await fixture.program(.reader)
            let token = try await fixture.access.tokens.token(
                for: caller, audience: Self.audience, lifetimeSeconds: 60)
            let header = fixture.access.identityHeaders.issueHeader(for: caller)
            #expect(try await fixture.access.tokens.caller(ofToken: token) == caller)
            try await fixture.access.principals.delete(fixture.access.principals.named(caller.objectID))
            #expect(await refusal(fixture, token).contains("deleted"))
            #expect(throws: ServiceError.self) { try fixture.access.identityHeaders.principal(ofHeader: header) }
            let error = await failure(ServiceError.self) {
                try await fixture.access.tokens.token(for: caller, audience: "x", lifetimeSeconds: 60)
            }
            #expect(error?.code == .unauthenticated)
            #expect(await !fixture.isAllowed("Microsoft.MachineLearningServices/workspaces/read", caller))
        }
    }

    @Test("The cache of verified tokens forgets and still answers right")
    func manyTokens() async throws {
        try await AccessFixture.with { fixture in
            let first = try await ownToken(fixture)
            for index in 0..<50 {
                let token = try await fixture.access.tokens.token(
                    for: fixture.ownerCaller, audience: "aud-\(index)", lifetimeSeconds: 60)
                #expect(try await fixture.access.tokens.caller(ofToken: token) == fixture.ownerCaller)
            }
            #expect(try await fixture.access.tokens.caller(ofToken: first) == fixture.ownerCaller)
        }
    }

    @Test("The key files are the owner's alone; a damaged one is named")
    func keyFiles() async throws {
        try await AccessFixture.with { fixture in
            let keys = fixture.folder.appending(path: "keys")
            for name in ["token-signing.pem", "seal.key"] {
                let path = keys.appending(path: name).path
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            try Data("junk".utf8).write(to: keys.appending(path: "seal.key"))
            let error = await failure(ServiceError.self) {
                try await AccessFixture.open(fixture.folder, fixture.hands.clock)
            }
            #expect(error?.message.contains("seal.key cannot be read") == true)
        }
    }

    // MARK: Bytes

    private func json(_ part: String) throws -> JSON {
        let padded =
            part.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            + String(repeating: "=", count: (4 - part.count % 4) % 4)
        return try JSON(parsing: Array(Data(base64Encoded: padded) ?? Data()))
    }

    private func base64URL(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}

/// A whole device sign-in, approved by the owner.
func signInByDevice(_ fixture: AccessFixture) async throws -> JSON {
    let endpoint = fixture.access.tokenEndpoint
    let begun = try endpoint.beginDeviceSignIn(
        ["client_id": "cli", "scope": "https://localhost:1234/.default openid"], verificationURL: "https://h/device")
    try fixture.access.deviceCodes.approve(
        userCode: begun["user_code"].string ?? "", objectID: fixture.access.owner.objectID)
    return try await endpoint.answer(
        [
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli",
            "device_code": begun["device_code"].string ?? "",
        ], tenant: "t")
}
