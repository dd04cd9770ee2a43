import LazuliDomain
import LazuliPersistence
import LazuliResources

/// Finds the computes that jobs name.
struct ComputeLookup: Sendable {
    let database: StateDatabase

    /// The compute of a job in the queue, as it is now.
    func target(of job: JobRecord) async throws -> ComputeTarget {
        guard job.compute == ComputeTarget.serverlessName else { return try await target(job.compute, in: job.scope) }
        let body = try await database.read { try DocumentTable.fetch(job.key, $0)?.body() } ?? .null
        return .serverless(size: body["properties"]["resources"]["instanceType"].string)
    }

    /// The compute a job names.
    /// - Throws: `notFound` with the nearest name.
    func target(_ name: String, in scope: WorkspaceScope) async throws -> ComputeTarget {
        let kindName = ComputeKind.kind.tableName
        let found = try await database.read { database -> (Document?, [String]) in
            let key = DocumentKey(kind: kindName, scope: scope.key, name: name)
            if let document = try DocumentTable.fetch(key, database) { return (document, []) }
            return (nil, try DocumentTable.names(kind: kindName, scope: scope.key, database))
        }
        guard let document = found.0 else {
            let hint = NearestName.hint(name, among: found.1)
            throw ServiceError(
                .notFound,
                "There is no compute \"\(name)\" in workspace \"\(scope.workspace)\".\(hint) "
                    + "Make it with `lazuli compute create`, or leave the compute out.", target: name)
        }
        return try ComputeTarget(name: name, properties: try document.body()["properties"])
    }
}
