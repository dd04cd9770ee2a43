import LazuliResources

extension AccessFeature {
    var principalRoutes: [Route] {
        let list = "/lazuli/principals", one = list + "/{principal}"
        func action(_ verb: String) -> String { "Microsoft.Authorization/principals/\(verb)" }
        return [
            Route("GET", list, "Principals_List", action: action("read")) { _ in
                .json(200, ["value": .array(principals.list().map(json)), "nextLink": .null])
            },
            Route("GET", one, "Principals_Get", action: action("read")) { call in
                .json(200, json(try principals.named(call.parameter("principal"))))
            },
            Route("POST", list, "Principals_Create", action: action("write"), handle: createPrincipal),
            Route("DELETE", one, "Principals_Delete", action: action("delete")) { call in
                try await principals.delete(principals.named(call.parameter("principal")))
                return .status(200)
            },
        ]
    }

    var deviceCodeRoutes: [Route] {
        [
            // Open to every caller: who approves a code signs the device in as themselves, never as another.
            Route("POST", "/lazuli/devicecodes/{code}/approve", "DeviceCodes_Approve", action: nil) { call in
                try deviceCodes.approve(userCode: call.parameter("code"), objectID: call.caller.objectID)
                return .json(200, ["approvedBy": .string(call.caller.name)])
            }
        ]
    }

    /// Body: `{"displayName", "kind"?: "service" | "user", "role"?, "scope"?: "/"}`.
    @Sendable private func createPrincipal(_ call: Call) async throws -> Reply {
        let kind = try Self.kind(call.body["kind"])
        let role = try call.body["role"].string.map { try Role.named($0) }
        let scope = try AccessScope(parsing: call.body["scope"].string ?? "/")
        if role != nil {
            try await authorizer.require(
                "Microsoft.Authorization/roleAssignments/write", of: call.caller, at: scope.id)
        }
        let made = try await principals.create(displayName: call.body["displayName"].string ?? "", kind: kind)
        if let role {
            _ = try await roleAssignments.create(role, to: made.principal, at: scope, by: call.caller)
        }
        var body = json(made.principal)
        body["tenantId"] = .string(tokens.tenantID)
        if let secret = made.clientSecret { body["clientSecret"] = .string(secret) }
        if kind == .user { body["signInKey"] = .string(identityHeaders.issueHeader(for: made.principal)) }
        return .json(201, body)
    }

    private static func kind(_ value: JSON) throws -> Principal.Kind {
        guard !value.isNull else { return .service }
        let text = value.string ?? ""
        guard let kind = Principal.Kind.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            let names = Principal.Kind.allCases.map(\.rawValue)
            throw ServiceError(
                .invalidArgument,
                "kind is one of \(names.joined(separator: ", ")), not \(value.text)."
                    + NearestName.hint(text, among: names),
                target: "kind")
        }
        return kind
    }

    private func json(_ principal: Principal) -> JSON {
        [
            "objectId": .string(principal.objectID), "clientId": .string(principal.clientID),
            "displayName": .string(principal.displayName), "kind": .string(principal.kind.rawValue),
            "isLocalUser": .bool(principal.isLocalUser), "createdOn": .string(Timestamp.text(principal.created)),
            "roles": .array(
                roleAssignments.list(at: .everything, principalID: principal.objectID).map {
                    ["roleName": .string($0.role.name), "scope": .string($0.scope.id)]
                }),
        ]
    }
}
