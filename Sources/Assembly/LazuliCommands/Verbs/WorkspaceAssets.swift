import Foundation
import LazuliClient
import LazuliResources

/// Resolves what files refer to against one workspace.
struct WorkspaceAssets: AssetResolving {
    let session: Session

    func resolve(_ value: JSON, _ role: AssetRole, type: String?, datastore: String?) async throws -> JSON {
        switch role {
        case .compute: return compute(value)
        case .code: return try await code(value)
        case .data, .modelPath, .model: return try await data(value, role, type, datastore)
        case .buildContext: return try await buildContext(value, datastore)
        case .environment: return try await environment(value)
        case .component: return try await component(value)
        case .modelReference: return try await model(value)
        case .job: return job(value)
        }
    }

    /// No compute at all means serverless.
    private func compute(_ value: JSON) -> JSON {
        guard let text = value.string else { return value }
        let name = bare(text)
        if name.lowercased().hasPrefix("/subscriptions/") { return .string(name) }
        return name.lowercased() == "serverless" ? .null : .string("\(session.scope.id)/computes/\(name)")
    }

    private func job(_ value: JSON) -> JSON {
        guard let text = value.string else { return value }
        let name = bare(text)
        return .string(name.hasPrefix("/") ? name : "\(session.scope.id)/jobs/\(name)")
    }

    private func bare(_ text: String) -> String {
        text.lowercased().hasPrefix("azureml:") && !text.lowercased().hasPrefix("azureml://")
            ? String(text.dropFirst("azureml:".count)) : text
    }

    private func code(_ value: JSON) async throws -> JSON {
        guard let text = value.string else { return value }
        if LocalPath.isLocal(text) { return .string(try await session.uploads().code(text)) }
        return try await identified(text, .init(segment: "codes"))
    }

    private func data(_ value: JSON, _ role: AssetRole, _ type: String?, _ datastore: String?) async throws -> JSON {
        guard let text = value.string else { return value }
        if LocalPath.isLocal(text) {
            let uri = try await session.uploads().data(text, datastore: datastore.map(bare))
            return .string(role == .modelPath ? uri.long(in: session.scope) : uri.short)
        }
        guard text.lowercased().hasPrefix("azureml:"), !text.lowercased().hasPrefix("azureml://") else { return value }
        guard role == .data else { return value }
        let isModel = type?.hasSuffix("_model") ?? false
        return try await identified(text, .init(segment: isModel ? "models" : "data"))
    }

    private func buildContext(_ value: JSON, _ datastore: String?) async throws -> JSON {
        guard let text = value.string, LocalPath.isLocal(text) else { return value }
        let uri = try await session.uploads().data(text, datastore: datastore)
        return .string(uri.long(in: session.scope))
    }

    private struct Family {
        let segment: String
        /// Labels that the server reads itself need not be looked up.
        var keepsLabels = false
    }

    /// The id that a reference stands for; `@latest` is looked up.
    private func identified(_ text: String, _ family: Family) async throws -> JSON {
        switch AssetReference(text) {
        case .id(let id): return .string(id)
        case .registry, nil: return .string(text)
        case .version(let name, let version):
            return .string("\(session.scope.id)/\(family.segment)/\(name)/versions/\(version)")
        case .label(let name, let label):
            if family.keepsLabels { return .string("azureml:\(name)@\(label)") }
            guard label == "latest" else {
                throw ServiceError(
                    .invalidArgument, "\(text): the label \"\(label)\" is not known here; only @latest is.")
            }
            let path = "\(session.scope.id)/\(family.segment)/\(PercentEncoding.segment(name))/versions"
            let newest = try await session.arm.list(
                path, query: [("$orderBy", "createdtime desc"), ("$top", "1")], limit: 1)
            guard let id = newest.first?["id"].string else {
                throw ServiceError(.notFound, "\(text): there is no version of \(name) in \(family.segment).")
            }
            return .string(id)
        }
    }

    private func environment(_ value: JSON) async throws -> JSON {
        if let text = value.string {
            return try await identified(text, .init(segment: "environments", keepsLabels: true))
        }
        let resolved = try await AssetShapes.environmentFields.resolve(value, with: self)
        var body = AssetShapes.environmentFields.encode(resolved)
        body["properties"]["isAnonymous"] = true
        let name = value["name"].string ?? "CliV2AnonymousEnvironment"
        let version = value["version"].string ?? fingerprint(body)
        return try await register(body, "environments", name, version)
    }

    private func component(_ value: JSON) async throws -> JSON {
        if let text = value.string { return try await identified(text, .init(segment: "components")) }
        let resolved = try await ComponentShapes.component.resolve(value, with: self)
        var body = ResourceKind.component.finish(ComponentShapes.component.encode(resolved))
        body["properties"]["isAnonymous"] = true
        body["properties"]["componentSpec"]["name"] = "azureml_anonymous"
        body["properties"]["componentSpec"]["version"] = nil
        let version = fingerprint(body)
        body["properties"]["componentSpec"]["version"] = .string(version)
        return try await register(body, "components", "azureml_anonymous", version)
    }

    private func model(_ value: JSON) async throws -> JSON {
        if let text = value.string { return try await identified(text, .init(segment: "models")) }
        let resolved = try await AssetShapes.model.resolve(value, with: self)
        var body = AssetShapes.model.encode(resolved)
        body["properties"]["isAnonymous"] = JSON.bool(value["name"].isNull)
        let name = value["name"].string ?? fingerprint(body)
        return try await register(body, "models", name, value["version"].string ?? "1")
    }

    private func register(_ body: JSON, _ segment: String, _ name: String, _ version: String) async throws -> JSON {
        let path =
            "\(session.scope.id)/\(segment)/\(PercentEncoding.segment(name))/versions/\(PercentEncoding.segment(version))"
        let created = try await session.arm.change("PUT", path, body: body)
        return .string(created["id"].string ?? path)
    }

    /// A version that is the same for the same content, in the form of a GUID.
    private func fingerprint(_ body: JSON) -> String { ContentFingerprint.guid(of: body) }
}
