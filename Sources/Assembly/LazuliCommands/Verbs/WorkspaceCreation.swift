import Foundation
import LazuliClient
import LazuliResources

/// Makes a workspace the way the stock client does: by a deployment whose parameters say what is wanted.
struct WorkspaceCreation {
    let session: Session

    func create(_ document: YAMLDocument, name: String?, wait: Bool) async throws -> JSON {
        let kind = ResourceKind.workspace
        let checked = try ShapeChecker.check(document, kind.fields)
        guard let name = name ?? checked["name"].string else {
            throw ServiceError(ErrorReport.usageCode, "--name is missing: how is the workspace to be called?")
        }
        let path = session.path(kind, name: name)
        let wire = kind.fields.encode(checked)
        if try await session.arm.find(path) != nil {
            let changed = try await session.arm.change("PATCH", path, body: wire, wait: wait)
            return kind.show(changed)
        }
        let group = "/subscriptions/\(session.scope.subscription)/resourceGroups/\(session.scope.resourceGroup)"
        let deployment =
            "\(group)/providers/Microsoft.Resources/deployments/\(name)-\(Int.random(in: 100_000...999_999))"
        _ = try await session.arm.change(
            "PUT", deployment, query: [("api-version", "2020-06-01")], body: body(name, wire), wait: wait,
            onWait: session.waits("workspace \(name)"))
        session.screen.clearLine()
        return wait ? kind.show(try await session.arm.get(path)) : ["name": .string(name)]
    }

    private func body(_ name: String, _ wire: JSON) -> JSON {
        let properties = wire["properties"]
        let values: [(String, JSON)] = [
            ("workspaceName", .string(name)), ("location", wire["location"].isNull ? "local" : wire["location"]),
            ("friendlyName", properties["friendlyName"].isNull ? .string(name) : properties["friendlyName"]),
            ("description", properties["description"].isNull ? "" : properties["description"]),
            ("tagValues", wire["tags"].isNull ? [:] : wire["tags"]),
            ("kind", wire["kind"].isNull ? "Default" : wire["kind"]),
        ]
        let parameters = JSONObject(values.map { ($0.0, JSON.object(JSONObject([("value", $0.1)]))) })
        return ["properties": ["mode": "Incremental", "template": [:], "parameters": .object(parameters)]]
    }
}
