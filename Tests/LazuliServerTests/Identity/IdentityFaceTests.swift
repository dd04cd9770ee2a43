import Foundation
import LazuliAccess
import LazuliIdentityFace
import LazuliPersistence
import LazuliResources
import Testing

@Suite("The identity face")
struct IdentityFaceTests {
    private struct Fixture {
        let access: AccessFeature
        let face: IdentityFace

        func ask(_ request: IdentityRequest) async throws -> (status: Int, body: JSON, text: String) {
            let answer = try #require(await face.answer(request))
            let text = String(decoding: answer.body, as: UTF8.self)
            return (answer.status, (try? JSON(parsing: text)) ?? .null, text)
        }
    }

    private func with<Value>(_ body: (Fixture) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lazuli-identity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try StateDatabase(
            path: folder.appending(path: "lazuli.sqlite").path, migrations: AccessFeature.migrations)
        let base = "https://localhost:1234"
        let access = try await AccessFeature(
            database: database, settings: AccessSettings(baseURL: base, keyFolder: folder.appending(path: "keys")))
        let face = IdentityFace(
            settings: IdentitySettings(baseURL: base, blobAuthority: "localhost:1235"), access: access)
        return try await body(Fixture(access: access, face: face))
    }

    @Test("The cloud's document is what the stock SDK reads, load-bearing parts and all")
    func metadata() async throws {
        try await with { fixture in
            let reply = try await fixture.ask(IdentityRequest("GET", "/metadata/endpoints"))
            let cloud = reply.body.array?.first ?? .null
            #expect(cloud["name"].string == "Lazuli")
            #expect(cloud["portal"].string == "https://portal.azure.lazuli/")
            #expect(cloud["resourceManager"].string == "https://localhost:1234/")
            #expect(cloud[path: ["authentication", "loginEndpoint"]].string == "https://login.microsoftonline.com/")
            #expect(cloud[path: ["authentication", "audiences"]].text == #"["https://localhost:1234/"]"#)
            #expect(cloud[path: ["suffixes", "storage"]].string == "core.lazuli@localhost:1235")
        }
    }

    @Test(
        "Each authority is discovered at its own path, in every form that clients use",
        arguments: [
            ("/adfs/T1/.well-known/openid-configuration", "/adfs/T1"),
            ("/adfs/T1/v2.0/.well-known/openid-configuration", "/adfs/T1"),
            ("/common/v2.0/.well-known/openid-configuration", "/common"),
        ])
    func discovery(path: String, authority: String) async throws {
        try await with { fixture in
            let document = try await fixture.ask(IdentityRequest("GET", path)).body
            let endpoint = "https://localhost:1234\(authority)/oauth2/v2.0/token"
            #expect(document["token_endpoint"].string == endpoint)
            let keys = (document["jwks_uri"].string ?? "").replacing("https://localhost:1234", with: "")
            let set = try await fixture.ask(IdentityRequest("GET", keys))
            #expect(set.body == fixture.access.tokens.keySet)
        }
    }

    @Test(
        "Paths of other faces are not taken",
        arguments: [
            "/", "/subscriptions/x", "/adfs", "/adfs/t", "/adfs/t/oauth2/v2.0/authorize", "/x/y/oauth2/token",
            "/metadata", "/metadata/endpoints/x", "/oauth2/token", "/device/x",
        ])
    func others(path: String) async throws {
        try await with { fixture in
            let answer = await fixture.face.answer(IdentityRequest("GET", path))
            #expect(answer == nil)
        }
    }

    @Test("The wrong method is 405")
    func methods() async throws {
        try await with { fixture in
            for (method, path) in [
                ("POST", "/metadata/endpoints"), ("GET", "/adfs/t/oauth2/v2.0/token"), ("DELETE", "/device"),
            ] {
                let reply = try await fixture.ask(IdentityRequest(method, path))
                #expect(reply.status == 405)
            }
        }
    }

    @Test(
        "A program gets its token with the secret in the form or in a Basic header",
        arguments: [
            "/adfs/t/oauth2/v2.0/token", "/t/oauth2/v2.0/token", "/adfs/t/oauth2/token",
        ])
    func secrets(path: String) async throws {
        try await with { fixture in
            let made = try await fixture.access.principals.create(displayName: "app")
            let secret = made.clientSecret ?? ""
            var request = IdentityRequest(
                "POST", path,
                form: [
                    "grant_type": "client_credentials", "scope": "https://x/.default",
                    "client_id": made.principal.clientID, "client_secret": secret,
                ])
            let reply = try await fixture.ask(request)
            #expect(reply.status == 200)
            let caller = try await fixture.access.tokens.caller(ofToken: reply.body["access_token"].string ?? "")
            #expect(caller.name == "app")
            request.form["client_secret"] = "wrong"
            let refused = try await fixture.ask(request)
            #expect(refused.status == 401)
            #expect(refused.body["error"].string == "invalid_client")
            request.form["client_id"] = nil
            request.form["client_secret"] = nil
            let pair = Data("\(made.principal.clientID):\(secret)".utf8).base64EncodedString()
            request.headers["authorization"] = "Basic \(pair)"
            #expect(try await fixture.ask(request).status == 200)
        }
    }

    @Test("The managed-identity endpoint gives the token of the header's principal, and none without it")
    func managedIdentity() async throws {
        try await with { fixture in
            let key = fixture.access.identityHeaders.issueHeader(for: fixture.access.owner)
            var request = IdentityRequest(
                "GET", "/msi/token", query: ["resource": "https://ml.azure.lazuli", "api-version": "2019-08-01"],
                headers: ["x-identity-header": key])
            let reply = try await fixture.ask(request)
            #expect(reply.status == 200)
            #expect(reply.body["resource"].string == "https://ml.azure.lazuli")
            #expect(Int(reply.body["expires_on"].string ?? "") != nil)
            let caller = try await fixture.access.tokens.caller(ofToken: reply.body["access_token"].string ?? "")
            #expect(caller.objectID == fixture.access.owner.objectID)
            request.headers = ["x-identity-header": "x\(key)"]
            let refused = try await fixture.ask(request)
            #expect(refused.status == 401)
            #expect(refused.body["message"].string?.contains("lazuli env") == true)
            request.headers = ["secret": key]
            #expect(try await fixture.ask(request).status == 200)
            request.query = [:]
            #expect(try await fixture.ask(request).status == 400)
        }
    }

    @Test("A person approves a device on the page with their sign-in key; what they typed is never markup")
    func devicePage() async throws {
        try await with { fixture in
            let begun = try await fixture.ask(
                IdentityRequest(
                    "POST", "/adfs/t/oauth2/v2.0/devicecode",
                    form: ["client_id": "cli", "scope": "https://x/.default"]))
            #expect(begun.body["verification_uri"].string == "https://localhost:1234/device")
            let code = begun.body["user_code"].string ?? ""
            let page = try await fixture.ask(
                IdentityRequest("GET", "/device", query: ["user_code": "\"><script>"]))
            #expect(!page.text.contains("<script>"))
            let poll = IdentityRequest(
                "POST", "/adfs/t/oauth2/v2.0/token",
                form: [
                    "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli",
                    "device_code": begun.body["device_code"].string ?? "",
                ])
            func approve(_ key: String, _ code: String) async throws -> Int {
                try await fixture.ask(
                    IdentityRequest("POST", "/device", form: ["user_code": code, "key": key])
                ).status
            }
            let key = fixture.access.identityHeaders.issueHeader(for: fixture.access.owner)
            #expect(try await approve("wrong", code) == 401)
            #expect(try await approve(key, "BBBB-BBBB") == 404)
            #expect(try await fixture.ask(poll).body["error"].string == "authorization_pending")
            #expect(try await approve(key, code) == 200)
            #expect(try await fixture.ask(poll).status == 200)
        }
    }

    @Test("Form text decodes, and what does not decode is kept")
    func forms() {
        let fields = FormText.fields("a=1&b=x+y%2Fz&c&=d&a=2&e=%zz&f=g=h")
        #expect(fields == ["a": "1", "b": "x y/z", "c": "", "": "d", "e": "%zz", "f": "g=h"])
    }
}
