import GRDB
import LazuliResources

/// An experiment as its row holds it.
struct ExperimentRow {
    /// The row's own number, to which runs point.
    let id: Int64
    let number: Int64
    let name: String
    let artifactLocation: String
    let isDeleted: Bool
    let createdAt: Int64
    let updatedAt: Int64

    static let columns = "id, number, name, artifactLocation, isDeleted, createdAt, updatedAt"

    init(_ row: Row) {
        id = row[0]
        number = row[1]
        name = row[2]
        artifactLocation = row[3] ?? ArtifactAddress.uri(ofExperiment: row[1])
        isDeleted = row[4]
        createdAt = row[5]
        updatedAt = row[6]
    }

    func value(tags: [Entry]) -> Experiment {
        Experiment(
            number: number, name: name, artifactLocation: artifactLocation, isDeleted: isDeleted,
            createdAt: createdAt, updatedAt: updatedAt, tags: tags)
    }
}

/// The statements on experiments and their tags.
enum ExperimentTable {
    static let defaultName = "Default"

    static func find(number: Int64, workspace: Int64, _ database: Database) throws -> ExperimentRow? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(ExperimentRow.columns) FROM experiment WHERE workspaceID = ? AND number = ?")
        return try Row.fetchOne(statement, arguments: [workspace, number]).map(ExperimentRow.init)
    }

    static func find(name: String, workspace: Int64, _ database: Database) throws -> ExperimentRow? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(ExperimentRow.columns) FROM experiment WHERE workspaceID = ? AND name = ?")
        return try Row.fetchOne(statement, arguments: [workspace, name]).map(ExperimentRow.init)
    }

    /// The experiment a client names by its id; an empty id means the default one.
    /// - Throws: `invalidArgument` for an id that is no number, `notFound` for one that is not in the view.
    static func require(
        id: String, view: ViewType, workspace: Int64, _ database: Database
    ) throws -> ExperimentRow {
        let number = try number(of: id)
        guard let row = try find(number: number, workspace: workspace, database), view.shows(row.isDeleted) else {
            throw TrackingFault.noExperiment(String(number))
        }
        return row
    }

    static func number(of id: String) throws -> Int64 {
        if id.isEmpty { return 0 }
        guard let number = Int64(id) else {
            throw TrackingFault.invalid(
                "Invalid experiment ID \(PythonText.repr(id)). Experiment ID must be a valid integer.",
                target: "experiment_id")
        }
        return number
    }

    @discardableResult
    static func insert(
        workspace: Int64, number: Int64, name: String, artifactLocation: String?, now: Int64, _ database: Database
    ) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO experiment (workspaceID, number, name, artifactLocation, createdAt, updatedAt)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [workspace, number, name, artifactLocation, now, now])
        return database.lastInsertedRowID
    }

    /// The number of the next experiment: one more than the highest that the workspace has.
    static func nextNumber(workspace: Int64, _ database: Database) throws -> Int64 {
        let sql = "SELECT COALESCE(MAX(number), 0) + 1 FROM experiment WHERE workspaceID = ?"
        return try Int64.fetchOne(database, sql: sql, arguments: [workspace]) ?? 1
    }

    static func tags(of experiment: Int64, _ database: Database) throws -> [Entry] {
        let statement = try database.cachedStatement(
            sql: "SELECT key, value FROM experimentTag WHERE experimentID = ? ORDER BY key")
        return try Row.fetchAll(statement, arguments: [experiment]).map { Entry($0[0], $0[1]) }
    }

    static func setTag(_ tag: Entry, of experiment: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO experimentTag (experimentID, key, value) VALUES (?, ?, ?)")
        try statement.execute(arguments: [experiment, tag.key, tag.value])
    }
}

extension ViewType {
    func shows(_ isDeleted: Bool) -> Bool {
        switch self {
        case .activeOnly: !isDeleted
        case .deletedOnly: isDeleted
        case .all: true
        }
    }

    /// A condition on the column, true for the rows of this view.
    func condition(_ column: String) -> String? {
        switch self {
        case .activeOnly: "\(column) = 0"
        case .deletedOnly: "\(column) = 1"
        case .all: nil
        }
    }
}
