import LazuliAccess
import LazuliResources
import Testing

@Suite("Sign-in")
struct SignInTests {
    private func secretForm(_ fixture: AccessFixture) async throws -> [String: String] {
        let made = try await fixture.access.principals.create(displayName: "app")
        return [
            "grant_type": "client_credentials", "client_id": made.principal.clientID,
            "client_secret": made.clientSecret ?? "", "client_info": "1", "scope": "https://ml.azure.lazuli/.default",
        ]
    }

    private func refusal(_ fixture: AccessFixture, _ form: [String: String]) async -> OAuthError? {
        await failure(OAuthError.self) { try await fixture.access.tokenEndpoint.answer(form, tenant: "any") }
    }

    @Test("A program with the right secret gets a bearer token")
    func secret() async throws {
        try await AccessFixture.with { fixture in
            let form = try await secretForm(fixture)
            let answer = try await fixture.access.tokenEndpoint.answer(form, tenant: "any")
            #expect(answer["token_type"].string == "Bearer")
            #expect(answer["expires_in"].integer == 86_399)
            let caller = try await fixture.access.tokens.caller(ofToken: answer["access_token"].string ?? "")
            #expect(caller.name == "app")
        }
    }

    @Test("A wrong secret, another's secret, an unknown client and a person's id are all invalid_client")
    func wrongSecret() async throws {
        try await AccessFixture.with { fixture in
            let form = try await secretForm(fixture), other = try await secretForm(fixture)
            let changes: [(String, String)] = [
                ("client_secret", "wrong"), ("client_secret", (form["client_secret"] ?? "") + " "),
                ("client_secret", other["client_secret"] ?? ""), ("client_id", "nobody"),
                ("client_id", fixture.access.owner.clientID),
            ]
            for (field, value) in changes {
                let error = await refusal(fixture, form.merging([field: value]) { $1 })
                #expect(error?.error == "invalid_client")
                #expect(error?.status == 401)
            }
        }
    }

    @Test(
        "A missing field, an unknown grant and a certificate are named",
        arguments: [
            ("grant_type", nil, "invalid_request"), ("client_id", nil, "invalid_request"),
            ("client_secret", "", "invalid_request"), ("scope", nil, "invalid_request"),
            ("grant_type", "password", "unsupported_grant_type"), ("client_assertion", "x", "invalid_client"),
        ] as [(String, String?, String)])
    func badForms(field: String, value: String?, error: String) async throws {
        try await AccessFixture.with { fixture in
            var form = try await secretForm(fixture)
            form[field] = value
            #expect(await refusal(fixture, form)?.error == error)
        }
    }

    @Test(
        "The audience is what was asked for, less /.default and nothing else",
        arguments: [
            ("scope", "https://ml.azure.lazuli/.default", "https://ml.azure.lazuli"),
            ("scope", "https://storage.azure.com//.default", "https://storage.azure.com/"),
            ("scope", "openid offline_access https://x/.default", "https://x"),
            ("scope", "https://x/user_impersonation", "https://x/user_impersonation"),
            ("resource", "https://management.azure.com/", "https://management.azure.com/"),
        ])
    func audiences(field: String, value: String, audience: String) async throws {
        try await AccessFixture.with { fixture in
            var form = try await secretForm(fixture)
            form["scope"] = nil
            form[field] = value
            let answer = try await fixture.access.tokenEndpoint.answer(form, tenant: "any")
            #expect(answer["resource"].string == audience)
        }
    }

    @Test("A person approves a code; the device gets tokens once, and can refresh them")
    func deviceCode() async throws {
        try await AccessFixture.with { fixture in
            let answer = try await signInByDevice(fixture)
            let caller = try await fixture.access.tokens.caller(ofToken: answer["access_token"].string ?? "")
            #expect(caller == fixture.ownerCaller)
            var form = [
                "grant_type": "refresh_token", "client_id": "cli", "scope": "https://x/.default",
                "refresh_token": answer["refresh_token"].string ?? "",
            ]
            let again = try await fixture.access.tokenEndpoint.answer(form, tenant: "t")
            #expect(again["resource"].string == "https://x")
            form["client_id"] = "other"
            #expect(await refusal(fixture, form)?.error == "invalid_grant")
            form["client_id"] = "cli"
            fixture.hands.advance(seconds: 91 * 86_400)
            #expect(await refusal(fixture, form)?.error == "invalid_grant")
        }
    }

    @Test("A device waits, then succeeds once, and never with another client's id")
    func deviceWaits() async throws {
        try await AccessFixture.with { fixture in
            let begun = try fixture.access.tokenEndpoint.beginDeviceSignIn(
                ["client_id": "cli", "scope": "https://x/.default"], verificationURL: "https://h/device")
            let code = begun["user_code"].string ?? ""
            var form = [
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli",
                "device_code": begun["device_code"].string ?? "",
            ]
            #expect(begun["interval"].integer == 1)
            #expect(await refusal(fixture, form)?.error == "authorization_pending")
            #expect(throws: ServiceError.self) {
                try fixture.access.deviceCodes.approve(userCode: "BBBB-BBBB", objectID: "x")
            }
            let typed = code.lowercased().replacing("-", with: " ")
            try fixture.access.deviceCodes.approve(userCode: typed, objectID: fixture.access.owner.objectID)
            form["client_id"] = "thief"
            #expect(await refusal(fixture, form)?.error == "expired_token")
            form["client_id"] = "cli"
            _ = try await fixture.access.tokenEndpoint.answer(form, tenant: "t")
            #expect(await refusal(fixture, form)?.error == "expired_token")
        }
    }

    @Test("A code that nobody approves in fifteen minutes is void")
    func deviceExpires() async throws {
        try await AccessFixture.with { fixture in
            let begun = try fixture.access.tokenEndpoint.beginDeviceSignIn(
                ["client_id": "cli", "scope": "https://x/.default"], verificationURL: "https://h/device")
            fixture.hands.advance(seconds: 900)
            let code = begun["user_code"].string ?? ""
            #expect(throws: ServiceError.self) {
                try fixture.access.deviceCodes.approve(userCode: code, objectID: fixture.access.owner.objectID)
            }
            let form = [
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli",
                "device_code": begun["device_code"].string ?? "",
            ]
            #expect(await refusal(fixture, form)?.error == "expired_token")
        }
    }

    @Test("A sign-in key speaks for its principal; a changed or missing one for nobody")
    func identityHeaders() async throws {
        try await AccessFixture.with { fixture in
            let headers = fixture.access.identityHeaders
            let app = try await fixture.program(.reader)
            let key = headers.issueHeader(for: app)
            #expect(try headers.principal(ofHeader: key).objectID == app.objectID)
            #expect(headers.issueHeader(for: app) == key)
            let mac = key.split(separator: ".").last ?? ""
            let forgeries: [String?] = [
                nil, "", "x", key + "x", String(key.dropLast()), "\(fixture.access.owner.objectID).\(mac)",
                app.objectID, "\(app.objectID).", String(repeating: "a", count: 100_000) + ".\(mac)",
            ]
            for forgery in forgeries {
                #expect(throws: ServiceError.self) { try headers.principal(ofHeader: forgery) }
            }
            let answer = try await signInByDevice(fixture)
            #expect(throws: ServiceError.self) { try headers.principal(ofHeader: answer["refresh_token"].string) }
        }
    }
}
