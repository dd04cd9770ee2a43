import GRDB
public import LazuliResources

/// Making, finding and changing experiments.
public struct ExperimentService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// - Parameter artifactLocation: where runs' artifacts go; nil for the workspace's own storage.
    /// - Returns: the new experiment's id.
    /// - Throws: `TrackingFault.alreadyExists` for a name in use, be its experiment active or deleted.
    public func create(
        name: String, artifactLocation: String?, tags: [Entry], in scope: WorkspaceScope
    ) async throws -> String {
        try NameRules.checkExperimentName(name)
        for tag in tags { try NameRules.checkExperimentTag(tag) }
        let location = try Self.checkedLocation(artifactLocation)
        let now = store.clock.now()
        return try await store.write(scope) { database, workspace in
            guard try ExperimentTable.find(name: name, workspace: workspace, database) == nil else {
                throw ServiceError(TrackingFault.alreadyExists, "Experiment(name=\(name)) already exists.")
            }
            let number = try ExperimentTable.nextNumber(workspace: workspace, database)
            let row = try ExperimentTable.insert(
                workspace: workspace, number: number, name: name, artifactLocation: location, now: now, database)
            for tag in tags { try ExperimentTable.setTag(tag, of: row, database) }
            return String(number)
        }
    }

    private static func checkedLocation(_ location: String?) throws -> String? {
        guard let location, !location.isEmpty else { return nil }
        guard !location.hasPrefix("runs:") else {
            throw TrackingFault.invalid(
                "Artifact location cannot be a runs:/ URI. Given: '\(location)'", target: "artifact_location")
        }
        try NameRules.checkLength(location, of: "artifact_location", limit: TrackingLimits.artifactLocation)
        if let mark = location.firstIndex(where: { $0 == "?" || $0 == "#" }), location.hasPrefix(ArtifactAddress.scheme)
        {
            throw TrackingFault.invalid(
                "The artifact location '\(location)' must not have a '\(location[mark])'.", target: "artifact_location")
        }
        return location
    }

    public func get(_ id: String, in scope: WorkspaceScope) async throws -> Experiment {
        try await store.read(scope) { database, workspace in
            let row = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
            return row.value(tags: try ExperimentTable.tags(of: row.id, database))
        }
    }

    public func get(name: String, in scope: WorkspaceScope) async throws -> Experiment {
        try await store.read(scope) { database, workspace in
            guard let row = try ExperimentTable.find(name: name, workspace: workspace, database) else {
                throw TrackingFault.notFound("Could not find experiment with name '\(name)'")
            }
            return row.value(tags: try ExperimentTable.tags(of: row.id, database))
        }
    }

    public func rename(_ id: String, to name: String, in scope: WorkspaceScope) async throws {
        try NameRules.checkExperimentName(name)
        let now = store.clock.now()
        try await store.write(scope) { database, workspace in
            let row = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
            guard !row.isDeleted else {
                throw ServiceError(TrackingFault.invalidState, "Cannot rename a non-active experiment.")
            }
            if let other = try ExperimentTable.find(name: name, workspace: workspace, database), other.id != row.id {
                throw ServiceError(TrackingFault.alreadyExists, "Experiment(name=\(name)) already exists.")
            }
            try database.execute(
                sql: "UPDATE experiment SET name = ?, updatedAt = ? WHERE id = ?", arguments: [name, now, row.id])
        }
    }

    /// Hides an experiment and its runs; `restore` brings both back.
    public func delete(_ id: String, in scope: WorkspaceScope) async throws {
        try await setDeleted(true, id, in: scope)
    }

    public func restore(_ id: String, in scope: WorkspaceScope) async throws {
        try await setDeleted(false, id, in: scope)
    }

    private func setDeleted(_ isDeleted: Bool, _ id: String, in scope: WorkspaceScope) async throws {
        let now = store.clock.now()
        try await store.write(scope) { database, workspace in
            let row = try ExperimentTable.require(
                id: id, view: isDeleted ? .activeOnly : .deletedOnly, workspace: workspace, database)
            try database.execute(
                sql: "UPDATE experiment SET isDeleted = ?, updatedAt = ? WHERE id = ?",
                arguments: [isDeleted, now, row.id])
            try database.execute(
                sql: "UPDATE run SET isDeleted = ?, deletedAt = ? WHERE experimentID = ?",
                arguments: [isDeleted, isDeleted ? now : nil, row.id])
        }
    }

    public func setTag(_ tag: Entry, of id: String, in scope: WorkspaceScope) async throws {
        try NameRules.checkExperimentTag(tag)
        try await store.write(scope) { database, workspace in
            try ExperimentTable.setTag(tag, of: Self.active(id, workspace, database).id, database)
        }
    }

    public func deleteTag(_ key: String, of id: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let row = try Self.active(id, workspace, database)
            try database.execute(
                sql: "DELETE FROM experimentTag WHERE experimentID = ? AND key = ?", arguments: [row.id, key])
            guard database.changesCount > 0 else {
                throw TrackingFault.notFound("No tag with name: \(key) in experiment with id \(id)")
            }
        }
    }

    private static func active(_ id: String, _ workspace: Int64, _ database: Database) throws -> ExperimentRow {
        let row = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
        guard !row.isDeleted else { throw TrackingFault.notActive(experiment: id) }
        return row
    }
}
