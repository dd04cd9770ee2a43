import Foundation
import LazuliAccess
import LazuliResources
import Testing

@Suite("Management rows of access")
struct RouteTests {
    private static let group = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
    private static let places = ["subscription": "sub", "resourceGroup": "rg", "workspace": "ws"]
    private static let assignments =
        Route.workspacePath + "/providers/Microsoft.Authorization/roleAssignments"

    private func assign(
        _ fixture: AccessFixture, _ role: String, to principal: String, id: String = UUID().uuidString
    ) async throws -> (status: Int, body: JSON) {
        try await fixture.call(
            "PUT", Self.assignments + "/{roleAssignment}",
            Self.places.merging(["roleAssignment": id]) { $1 },
            body: ["properties": ["roleDefinitionId": .string(role), "principalId": .string(principal)]])
    }

    @Test("Each row has an action, but for the approval of one's own device")
    func actions() async throws {
        try await AccessFixture.with { fixture in
            let open = fixture.access.routes.filter { $0.action == nil }.map(\.operationID)
            #expect(open == ["DeviceCodes_Approve"])
            #expect(fixture.access.routes.filter { $0.operationID == "RoleAssignments_Create" }.count == 4)
        }
    }

    @Test("A principal is created with its secret shown once, listed without, and deleted")
    func principals() async throws {
        try await AccessFixture.with { fixture in
            let made = try await fixture.call(
                "POST", "/lazuli/principals", body: ["displayName": "dotnet", "role": "Reader"])
            #expect(made.status == 201)
            #expect(made.body["clientSecret"].string?.hasPrefix("lzs_") == true)
            #expect(made.body["tenantId"].string == fixture.access.tokens.tenantID)
            let list = try await fixture.call("GET", "/lazuli/principals")
            #expect(list.body["value"].array?.map { $0["displayName"].string } == ["you", "dotnet"])
            #expect(!list.body.text.contains(made.body["clientSecret"].string ?? "?"))
            #expect(list.body["value"].array?.last?["roles"].text == #"[{"roleName":"Reader","scope":"/"}]"#)
            let gone = try await fixture.call("DELETE", "/lazuli/principals/{principal}", ["principal": "dotnet"])
            #expect(gone.status == 200)
            let error = await failure(ServiceError.self) {
                try await fixture.call("GET", "/lazuli/principals/{principal}", ["principal": "dotnet"])
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test("A person gets a sign-in key in place of a secret")
    func person() async throws {
        try await AccessFixture.with { fixture in
            let made = try await fixture.call(
                "POST", "/lazuli/principals", body: ["displayName": "ann", "kind": "User"])
            #expect(made.body["clientSecret"].isNull)
            let principal = try fixture.access.identityHeaders.principal(ofHeader: made.body["signInKey"].string)
            #expect(principal.displayName == "ann")
        }
    }

    @Test(
        "Bad bodies for a principal are refused by name",
        arguments: [
            (["displayName": ""], "displayName"), ([:], "displayName"),
            (["displayName": "x", "kind": "robot"], "kind"), (["displayName": "x", "role": "King"], "role"),
            (["displayName": "x", "scope": "nowhere"], "scope"),
        ] as [(JSON, String)])
    func badPrincipals(body: JSON, target: String) async throws {
        try await AccessFixture.with { fixture in
            let error = await failure(ServiceError.self) {
                try await fixture.call("POST", "/lazuli/principals", body: body)
            }
            #expect(error?.target == target)
            #expect(fixture.access.principals.list().count == 1)
        }
    }

    @Test("Nobody makes a principal with a role that they could not give")
    func noPromotion() async throws {
        try await AccessFixture.with { fixture in
            let contributor = try await fixture.program(.contributor)
            let error = await failure(ServiceError.self) {
                try await fixture.call(
                    "POST", "/lazuli/principals", body: ["displayName": "mine", "role": "Owner"], as: contributor)
            }
            #expect(error?.code == .forbidden)
            #expect(fixture.access.principals.list().count == 2)
        }
    }

    @Test("A role is given by definition id, read back, given again without harm, and taken away")
    func assignment() async throws {
        try await AccessFixture.with { fixture in
            let app = try await fixture.access.principals.create(displayName: "app").principal
            let id = UUID().uuidString
            let made = try await assign(fixture, Role.reader.id, to: app.objectID, id: id)
            #expect(made.status == 201)
            #expect(made.body["name"].string == id.lowercased())
            #expect(made.body["id"].string?.hasPrefix(AccessFixture.workspace + "/providers/") == true)
            #expect(made.body[path: ["properties", "roleName"]].string == "Reader")
            #expect(try await assign(fixture, "Reader", to: app.clientID, id: id).status == 200)
            let places = Self.places.merging(["roleAssignment": id]) { $1 }
            let one = Self.assignments + "/{roleAssignment}"
            #expect(try await fixture.call("GET", one, places).body == made.body)
            #expect(try await fixture.call("DELETE", one, places).status == 200)
            #expect(try await fixture.call("DELETE", one, places).status == 204)
        }
    }

    @Test("The same grant under another id, another grant under the same id, and a name that is no GUID are refused")
    func conflicts() async throws {
        try await AccessFixture.with { fixture in
            let app = try await fixture.access.principals.create(displayName: "app").principal
            let id = UUID().uuidString
            _ = try await assign(fixture, "Reader", to: app.objectID, id: id)
            let twice = await failure(ServiceError.self) { try await assign(fixture, "Reader", to: app.objectID) }
            #expect(twice?.code == .conflict)
            let changed = await failure(ServiceError.self) {
                try await assign(fixture, "Owner", to: app.objectID, id: id)
            }
            #expect(changed?.code == .conflict)
            let name = await failure(ServiceError.self) {
                try await assign(fixture, "Owner", to: app.objectID, id: "mine")
            }
            #expect(name?.code == .invalidArgument)
        }
    }

    @Test("Lists show what holds around a scope, and filters narrow them")
    func lists() async throws {
        try await AccessFixture.with { fixture in
            let app = try await fixture.program(.reader, at: AccessFixture.workspace)
            _ = try await fixture.program(.reader, at: "/subscriptions/other", named: "elsewhere")
            func names(_ path: String, _ filter: String?) async throws -> [String?] {
                let query = filter.map { ["$filter": $0] } ?? [:]
                let reply = try await fixture.call(
                    "GET", path + "/providers/Microsoft.Authorization/roleAssignments",
                    path == Self.group
                        ? ["subscription": "sub", "resourceGroup": "rg"] : Self.places, query: query)
                return (reply.body["value"].array ?? []).map { $0[path: ["properties", "principalName"]].string }
            }
            #expect(try await names(Self.group, nil) == ["you", "app"])
            #expect(try await names(Self.group, "atScope()") == ["you"])
            #expect(try await names(Self.group, "atScope() and principalId eq '\(app.objectID)'") == [])
            #expect(try await names(Route.workspacePath, "assignedTo('\(app.objectID)')") == ["app"])
            let error = await failure(ServiceError.self) { try await names(Self.group, "color eq 'blue'") }
            #expect(error?.target == "$filter")
        }
    }

    @Test("Role definitions list the eight roles and answer to a filter by name")
    func definitions() async throws {
        try await AccessFixture.with { fixture in
            let path = "/providers/Microsoft.Authorization/roleDefinitions"
            #expect(try await fixture.call("GET", path).body["value"].array?.count == 8)
            let one = try await fixture.call("GET", path, query: ["$filter": "roleName eq 'Reader'"])
            #expect(
                one.body["value"].array?.first?[path: ["properties", "permissions"]].text
                    .contains(#""actions":["*/read"]"#) == true)
        }
    }

    @Test("Whoever approves a code signs the device in as themselves")
    func approval() async throws {
        try await AccessFixture.with { fixture in
            let app = try await fixture.program(.reader)
            let begun = try fixture.access.tokenEndpoint.beginDeviceSignIn(
                ["client_id": "cli", "scope": "https://x/.default"], verificationURL: "https://h/device")
            let reply = try await fixture.call(
                "POST", "/lazuli/devicecodes/{code}/approve", ["code": begun["user_code"].string ?? ""], as: app)
            #expect(reply.body["approvedBy"].string == "app")
            let answer = try await fixture.access.tokenEndpoint.answer(
                [
                    "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli",
                    "device_code": begun["device_code"].string ?? "",
                ], tenant: "t")
            let caller = try await fixture.access.tokens.caller(ofToken: answer["access_token"].string ?? "")
            #expect(caller == app)
        }
    }
}
