import GRDB
import LazuliConformance
import LazuliPersistence
import LazuliResources
import Testing

@Suite("The table of documents")
struct DocumentTableTests {
    private func draft(
        _ name: String, version: String = "", scope: String = "s", kind: String = "things", isArchived: Bool = false,
        body: JSON = .emptyObject, at: Int64 = 1, by: String = "ada"
    ) -> DocumentTable.Draft {
        .init(
            key: DocumentKey(kind: kind, scope: scope, name: name, version: version), body: body,
            isArchived: isArchived, by: by, at: at)
    }

    private func store(_ drafts: [DocumentTable.Draft], _ database: StateDatabase) async throws {
        try await database.write { database in for draft in drafts { try DocumentTable.upsert(draft, database) } }
    }

    private func pages(_ query: DocumentQuery, _ database: StateDatabase) async throws -> [[String]] {
        var pages: [[String]] = [], query = query
        while true {
            let asked = query
            let (documents, next) = try await database.read { try asked.run($0) }
            pages.append(documents.map(\.key.name))
            guard let next else { return pages }
            query.after = next
        }
    }

    @Test(
        "Paging by marks gives each of 250 documents once, in order, whatever the page size",
        arguments: [
            (1, DocumentQuery.Order.oldestFirst), (7, .oldestFirst), (50, .newestFirst), (100, .oldestFirst),
            (250, .newestFirst),
            (1000, .oldestFirst),
        ])
    func paging(size: Int, order: DocumentQuery.Order) async throws {
        try await withTemporaryDatabase { database in
            let names = (0..<250).map { "n\($0)" }
            try await store(
                names.map { draft($0) } + [draft("other", kind: "others"), draft("far", scope: "t")], database)
            let found = try await pages(
                DocumentQuery(kind: "things", scope: "s", order: order, pageSize: size), database)
            #expect(found.flatMap { $0 } == (order == .oldestFirst ? names : names.reversed()))
            #expect(found.dropLast().allSatisfy { $0.count == size })
            #expect(found.last?.isEmpty == false)
        }
    }

    @Test("Documents that go or come while one pages lose and repeat no other")
    func pagingWhileChanging() async throws {
        try await withTemporaryDatabase { database in
            try await store((0..<10).map { draft("n\($0)") }, database)
            var query = DocumentQuery(kind: "things", scope: "s", pageSize: 4)
            let asked = query
            let first = try await database.read { try asked.run($0) }
            try await database.write { database in
                for document in first.documents { try DocumentTable.delete(document, database) }
            }
            try await store([draft("late")], database)
            query.after = first.next
            let rest = try await pages(query, database).flatMap { $0 }
            #expect(rest == (4..<10).map { "n\($0)" } + ["late"])
        }
    }

    @Test(
        "Views show the active, the archived or all",
        arguments: [
            (DocumentQuery.View.active, ["a"]), (.archived, ["b"]), (.all, ["a", "b"]),
        ])
    func views(view: DocumentQuery.View, names: [String]) async throws {
        try await withTemporaryDatabase { database in
            try await store([draft("a"), draft("b", isArchived: true)], database)
            #expect(try await pages(DocumentQuery(kind: "things", scope: "s", view: view), database) == [names])
        }
    }

    @Test(
        "A call's page size and mark are read; a size beyond the limit is drawn to it",
        arguments: [
            ("5", 5), ("1", 1), ("5000", 1000), ("1000", 1000), ("9223372036854775807", 1000),
        ])
    func sizes(text: String, size: Int) throws {
        let call = Call(
            query: ["$top": text, "$skip": "17", "listviewtype": "ARCHIVEDonly"],
            caller: Caller(objectID: "", name: ""), baseURL: "")
        let query = try DocumentQuery(kind: "k", scope: "s", order: .oldestFirst, call: call)
        #expect(query.pageSize == size)
        #expect(query.after == 17)
        #expect(query.view == .archived)
    }

    @Test(
        "The latest version is the highest whole number, else the newest; archived ones come last",
        arguments: [
            (["1", "10", "9"], "10"), (["1", "alpha"], "1"), (["alpha", "beta"], "beta"), (["beta", "alpha"], "alpha"),
            (["2", "!9"], "2"), (["!1", "!2"], "2"), (["1.0", "1.1"], "1.1"), (["0", "x"], "x"),
        ])
    func latest(versions: [String], expected: String) async throws {
        try await withTemporaryDatabase { database in
            try await store(
                versions.map { draft("a", version: $0.replacing("!", with: ""), isArchived: $0.hasPrefix("!")) },
                database)
            let found = try await database.read {
                try DocumentTable.latest(kind: "things", scope: "s", name: "a", $0)?.key.version
            }
            #expect(found == expected)
        }
    }

    @Test(
        "The next version follows the highest whole number, archived or not",
        arguments: [
            ([], 1), (["1"], 2), (["1", "10", "9"], 11), (["alpha"], 1), (["007"], 8), (["3", "1.5"], 4),
            (["9223372036854775807"], 1), (["5", "9223372036854775807"], 6), (["-3"], 1),
        ] as [([String], Int64)])
    func nextVersion(versions: [String], expected: Int64) async throws {
        try await withTemporaryDatabase { database in
            try await store(versions.map { draft("a", version: $0, isArchived: true) }, database)
            let next = try await database.read {
                try DocumentTable.nextVersion(kind: "things", scope: "s", name: "a", $0)
            }
            #expect(next == expected)
        }
    }

    @Test("Deleting all below a scope takes the scope and what lies in it, and no neighbour")
    func deleteAll() async throws {
        try await withTemporaryDatabase { database in
            let scopes = ["a/b", "a/b/c", "a/b/c/d", "a/bc", "a/b0", "a/b-c", "a/b.", "a", "a/a", "A/B", "x/a/b"]
            try await store(scopes.map { draft($0, scope: $0) }, database)
            try await database.write { try DocumentTable.deleteAll(below: "a/b", $0) }
            let left = try await database.read {
                try String.fetchAll($0, sql: "SELECT scope FROM document ORDER BY id")
            }
            #expect(left == ["a/bc", "a/b0", "a/b-c", "a/b.", "a", "a/a", "A/B", "x/a/b"])
        }
    }

    @Test("Storing again keeps who made a document and when, and raises its revision")
    func upsert() async throws {
        try await withTemporaryDatabase { database in
            try await store([draft("a", body: ["x": 1], at: 10, by: "ada")], database)
            try await store([draft("a", body: ["x": 2], at: 20, by: "bob")], database)
            let key = DocumentKey(kind: "things", scope: "s", name: "a")
            let document = try #require(try await database.read { try DocumentTable.fetch(key, $0) })
            #expect(try document.body() == ["x": 2])
            #expect(document.createdAt == 10 && document.createdBy == "ada")
            #expect(document.modifiedAt == 20 && document.modifiedBy == "bob")
            #expect(document.revision == 2)
        }
    }

    @Test("A fingerprint finds the first document of its kind and scope that has it")
    func fingerprints() async throws {
        try await withTemporaryDatabase { database in
            var drafts = [draft("a"), draft("b"), draft("c", scope: "t")]
            for index in drafts.indices { drafts[index].fingerprint = "f" }
            try await store(drafts, database)
            let names = try await database.read { database in
                try ["s", "t", "u"].map {
                    try DocumentTable.fetch(fingerprint: "f", kind: "things", scope: $0, database)?.key.name
                }
            }
            #expect(names == ["a", "c", nil])
        }
    }
}
