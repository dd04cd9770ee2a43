import GRDB
import LazuliPersistence
import LazuliResources

/// Resource groups and subscriptions: scopes that exist as soon as something is in them, and can be made by hand.
struct ResourceGroupService: Sendable {
    let database: StateDatabase

    var routes: [Route] {
        let subscription = "/subscriptions/{subscription}"
        let groups = "\(subscription)/resourceGroups", item = "\(groups)/{resourceGroup}"
        func action(_ verb: String) -> String { "Microsoft.Resources/subscriptions/resourceGroups/\(verb)" }
        return [
            Route("GET", "/subscriptions", "Subscriptions_List", action: nil, handle: subscriptions),
            Route("GET", subscription, "Subscriptions_Get", action: nil) { call in
                .json(200, Self.subscription(try call.parameter("subscription")))
            },
            Route("GET", "/tenants", "Tenants_List", action: nil) { _ in
                .json(
                    200,
                    [
                        "value": [
                            [
                                "id": .string("/tenants/\(WorkspaceService.tenant)"),
                                "tenantId": .string(WorkspaceService.tenant), "displayName": "Lazuli",
                            ]
                        ]
                    ])
            },
            Route("GET", groups, "ResourceGroups_List", action: action("read"), handle: list),
            Route("GET", item, "ResourceGroups_Get", action: action("read"), handle: get),
            Route("HEAD", item, "ResourceGroups_CheckExistence", action: action("read")) { call in
                _ = try await get(call)
                return .status(204)
            },
            Route("PUT", item, "ResourceGroups_CreateOrUpdate", action: action("write"), handle: put),
            Route("DELETE", item, "ResourceGroups_Delete", action: action("delete"), handle: delete),
        ]
    }

    private static func subscription(_ id: String) -> JSON {
        [
            "id": .string("/subscriptions/\(id)"), "subscriptionId": .string(id), "displayName": "Lazuli",
            "state": "Enabled", "tenantId": .string(WorkspaceService.tenant),
        ]
    }

    private func subscriptions(_ call: Call) async throws -> Reply {
        let ids = try await database.read {
            try String.fetchAll($0, sql: "SELECT DISTINCT subscription FROM resourceGroup ORDER BY subscription")
        }
        return .json(200, ["value": .array(ids.map(Self.subscription))])
    }

    private static let selection = "SELECT subscription, name, body FROM resourceGroup"

    private static func resource(_ row: Row) -> JSON {
        let subscription: String = row["subscription"], name: String = row["name"], text: String = row["body"]
        let body = (try? JSON(parsing: text)) ?? .emptyObject
        return [
            "id": .string("/subscriptions/\(subscription)/resourceGroups/\(name)"), "name": .string(name),
            "type": "Microsoft.Resources/resourceGroups",
            "location": body["location"].isNull ? "local" : body["location"],
            "tags": body["tags"].isNull ? .emptyObject : body["tags"], "properties": ["provisioningState": "Succeeded"],
        ]
    }

    private func list(_ call: Call) async throws -> Reply {
        let subscription = try call.parameter("subscription").lowercased()
        let groups = try await database.read { database in
            try Row.fetchAll(
                database, sql: "\(Self.selection) WHERE lower(subscription) = ? ORDER BY name",
                arguments: [subscription]
            ).map(Self.resource)
        }
        return .json(200, ["value": .array(groups)])
    }

    private func key(_ call: Call) throws -> String {
        try "\(call.parameter("subscription"))/\(call.parameter("resourceGroup"))".lowercased()
    }

    private func get(_ call: Call) async throws -> Reply {
        let key = try key(call)
        let group = try await database.read { database in
            try Row.fetchOne(database, sql: "\(Self.selection) WHERE key = ?", arguments: [key]).map(Self.resource)
        }
        guard let group else {
            throw ServiceError(
                .notFound, "There is no resource group \"\(try call.parameter("resourceGroup"))\" in this subscription."
            )
        }
        return .json(200, group)
    }

    private func put(_ call: Call) async throws -> Reply {
        let key = try key(call), subscription = try call.parameter("subscription")
        let name = try call.parameter("resourceGroup")
        let body = JSON.object(dropping: [("location", call.body["location"]), ("tags", call.body["tags"])])
        let isNew = try await database.write { database in
            let exists =
                try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM resourceGroup WHERE key = ?)", arguments: [key])
                ?? false
            try database.execute(
                sql:
                    "INSERT INTO resourceGroup VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
                arguments: [key, subscription, name, body.text])
            return !exists
        }
        var reply = try await get(call)
        if isNew { reply.status = 201 }
        return reply
    }

    private func delete(_ call: Call) async throws -> Reply {
        let key = try key(call)
        try await database.write { database in
            let count =
                try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM workspace WHERE key >= ?1 || '/' AND key < ?1 || '0'",
                    arguments: [key]) ?? 0
            guard count == 0 else {
                throw ServiceError(
                    .conflict, "The resource group holds \(count) workspaces. Delete them first; nothing was deleted.")
            }
            try database.execute(sql: "DELETE FROM resourceGroup WHERE key = ?", arguments: [key])
        }
        return .status(200)
    }
}
