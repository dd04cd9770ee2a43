public import GRDB
public import LazuliResources

/// What a kind adds to being stored: each step has a default that does nothing.
public struct DocumentBehaviour: Sendable {
    /// Before the transaction: checks that need other resources, and defaults. Gets the whole body, returns it.
    public var prepare: @Sendable (JSON, Call) async throws -> JSON = { body, _ in body }

    /// Inside the transaction, before the document is written: the old document (nil for a new one), the new body.
    /// Returns the body to store; secrets are taken out here.
    public var write: @Sendable (Document?, JSON, DocumentKey, Call, Database) throws -> JSON = { _, body, _, _, _ in
        body
    }

    /// Inside the transaction, before the document goes.
    public var remove: @Sendable (Document, Call, Database) throws -> Void = { _, _, _ in }

    /// After a change is durable.
    public var changed: @Sendable (DocumentKey) async -> Void = { _ in }

    /// What a list shows of what a call asks for.
    public var listed: @Sendable (DocumentQuery) -> DocumentQuery = { $0 }

    /// What readers see of the documents of a page, in their order; nil shows what is stored, which is faster.
    public var present: (@Sendable ([Document], Call) async throws -> [JSON])?

    /// The content's fingerprint, by which it can be found again.
    public var fingerprint: @Sendable (JSON) -> String? = { _ in nil }

    /// The list item of a container, beside what every container says; gets the latest version's properties.
    public var containerProperties: @Sendable (JSON) -> [(String, JSON)] = { _ in [] }

    public init() {}

    /// Presents each document by itself, from its body.
    public mutating func presentEach(_ one: @escaping @Sendable (JSON, Document, Call) async throws -> JSON) {
        present = { documents, call in
            var bodies: [JSON] = []
            for document in documents { bodies.append(try await one(try document.body(), document, call)) }
            return bodies
        }
    }
}
