package import LazuliResources
import LazuliDomain
import LazuliPersistence
import GRDB

/// The rows of workspaces, subscriptions and resource groups, and of the template deployment that clients create
/// workspaces with. Source: contract B1.
extension WorkspaceService {
    private static let type = "\(WorkspaceScope.provider)/workspaces"

    private func action(_ verb: String) -> String { "\(Self.type)/\(verb)" }

    /// - Parameter vacate: ends what still runs in a workspace that is about to be deleted.
    package func routes(vacate: @escaping @Sendable (WorkspaceScope) async throws -> Void) -> [Route] {
        let item = Route.workspacePath
        let group = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
        let collection = "\(group)/providers/\(WorkspaceScope.provider)/workspaces"
        return [
            Route("GET", item, "Workspaces_Get", action: action("read"), handle: get),
            Route("PUT", item, "Workspaces_CreateOrUpdate", action: action("write"), handle: put),
            Route("PATCH", item, "Workspaces_Update", action: action("write"), handle: patch),
            Route("DELETE", item, "Workspaces_Delete", action: action("delete")) { call in
                let scope = try await existing(call).scope
                try await vacate(scope)
                try await delete(scope)
                return .status(200)
            },
            Route(
                "POST", "\(item)/listKeys", "Workspaces_ListKeys", action: action("listKeys/action"), handle: listKeys),
            Route(
                "POST", "\(item)/diagnose", "Workspaces_Diagnose", action: action("diagnose/action"), handle: diagnose),
            Route("GET", collection, "Workspaces_ListByResourceGroup", action: action("read"), handle: list),
            Route(
                "GET", "/subscriptions/{subscription}/providers/\(WorkspaceScope.provider)/workspaces",
                "Workspaces_ListBySubscription", action: action("read"), handle: list),
        ] + TemplateDeployment(workspaces: self).routes + ResourceGroupService(database: database).routes
            + DependentResource.allCases.flatMap { $0.routes(self) }
    }

    // MARK: - Handlers

    private func get(_ call: Call) async throws -> Reply {
        .json(200, try await resource(try await existing(call), call))
    }

    private func put(_ call: Call) async throws -> Reply {
        let scope = try call.workspaceScope()
        try await createOrUpdate(scope, body: call.body, by: call.caller)
        return try await get(call)
    }

    private func patch(_ call: Call) async throws -> Reply {
        let record = try await existing(call)
        try await update(record.scope, with: try Self.body.checked(call.body, at: "$"))
        return try await get(call)
    }

    private func listKeys(_ call: Call) async throws -> Reply {
        let record = try await existing(call)
        let accounts = StorageAccountService(database: database, vault: vault)
        let key = try await accounts.base64Key(ofAccount: record.account)
        return .json(
            200,
            [
                "userStorageKey": JSON(key),
                "userStorageResourceId": .string(DependentResource.storageAccount.id(of: record)),
                "appInsightsInstrumentationKey": .string(record.guid), "containerRegistryCredentials": .null,
            ])
    }

    /// A workspace here has no network between its parts: what can fail is said by `lazuli diagnose`.
    private func diagnose(_ call: Call) async throws -> Reply {
        _ = try await existing(call)
        let none: JSON = []
        return .json(
            200,
            [
                "value": [
                    "userDefinedRouteResults": none, "networkSecurityRuleResults": none, "resourceLockResults": none,
                    "dnsResolutionResults": none, "storageAccountResults": none, "keyVaultResults": none,
                    "containerRegistryResults": none, "applicationInsightsResults": none, "otherResults": none,
                ]
            ])
    }

    private func list(_ call: Call) async throws -> Reply {
        let prefix =
            ["subscription", "resourceGroup"].compactMap { call.parameters[$0]?.lowercased() }
            .joined(separator: "/") + "/"
        let records = try await database.read { database in
            try WorkspaceRecord.fetchAll(
                database, sql: "SELECT * FROM workspace WHERE substr(key, 1, ?) = ? ORDER BY createdAt",
                arguments: [prefix.count, prefix])
        }
        var values: [JSON] = []
        for record in records { values.append(try await resource(record, call)) }
        return .json(200, ["value": .array(values), "nextLink": .null])
    }

    // MARK: - What a workspace shows

    private func existing(_ call: Call) async throws -> WorkspaceRecord {
        let scope = try call.workspaceScope()
        return try await record(of: scope)
    }

    /// - Throws: `notFound`, saying which of the three names is wrong.
    func record(of scope: WorkspaceScope) async throws -> WorkspaceRecord {
        let found = try await database.read { try WorkspaceTable.fetch(scope.key, $0) }
        if let found { return found }
        let others = try await database.read { try WorkspaceRecord.fetchAll($0, sql: "SELECT * FROM workspace") }
        throw WorkspaceNotFound.error(scope, among: others.map(\.scope))
    }

    private func resource(_ record: WorkspaceRecord, _ call: Call) async throws -> JSON {
        var body = try record.body().object ?? JSONObject()
        let id = record.scope.id
        var properties = body["properties"]?.object ?? JSONObject()
        let derived: [(String, JSON)] = [
            ("workspaceId", .string(record.guid)),
            ("storageAccount", .string(DependentResource.storageAccount.id(of: record))),
            ("keyVault", .string(DependentResource.keyVault.id(of: record))),
            ("applicationInsights", .string(DependentResource.applicationInsights.id(of: record))),
            ("discoveryUrl", .string("\(call.baseURL)/discovery")),
            ("mlFlowTrackingUri", .string("\(trackingAddress ?? call.baseURL)/mlflow/v1.0\(id)")),
            ("provisioningState", "Succeeded"), ("tenantId", .string(Self.tenant)),
        ]
        for (key, value) in derived { properties[key] = value }
        for (key, value) in Self.defaults where properties[key] == nil { properties[key] = value }
        body["properties"] = .object(properties)
        let envelope: JSON = [
            "id": .string(id), "name": .string(record.scope.workspace), "type": .string(Self.type), "location": "local",
            "kind": "Default", "sku": ["name": "Basic", "tier": "Basic"], "tags": .emptyObject,
            "identity": [
                "type": "SystemAssigned", "principalId": .string(record.guid), "tenantId": .string(Self.tenant),
            ],
        ]
        var shown = envelope.object ?? JSONObject()
        for (key, value) in body.pairs where !value.isNull { shown[key] = (shown[key] ?? .null).overlaid(with: value) }
        let systemData: JSON = [
            "createdAt": .string(Timestamp.text(record.createdAt)), "createdBy": .string(record.createdBy),
            "createdByType": "User", "lastModifiedAt": .string(Timestamp.text(record.modifiedAt)),
            "lastModifiedBy": .string(record.createdBy), "lastModifiedByType": "User",
        ]
        shown["systemData"] = systemData
        return .object(shown)
    }

    private static let defaults: [(String, JSON)] = [
        ("description", ""), ("publicNetworkAccess", "Enabled"), ("systemDatastoresAuthMode", "accesskey"),
        ("hbiWorkspace", false), ("v1LegacyMode", false),
    ]

    /// The one tenant of a server. Clients may name any tenant; tokens are ours all the same.
    package static let tenant = "00000000-0000-4000-8000-6c617a756c69"
}
