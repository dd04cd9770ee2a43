import LazuliConformance
import LazuliPersistence
import LazuliResources

/// Two kinds that only tests know: one by name alone, one with versions.
enum ToyKinds {
    static let boats = DocumentKind(
        "Boats", singular: "boat", at: "boats", envelope: [.optional("tags", .map(.string))],
        properties: .object([
            .required("length", .number), .optional("colour", .oneOf(["Red", "Blue"])), .readOnly("state"),
        ]))

    static let maps = DocumentKind(
        "Maps", singular: "map", at: "maps", shape: .versioned,
        properties: .object([
            .required("scale", .integer), .optional("tags", .map(.any)), .optional("isArchived", .boolean),
        ]),
        mutableMembers: ["tags", "isArchived"])

    static let clock = WallClock { 1_700_000_000_000 }

    static func service(_ kind: DocumentKind, _ database: StateDatabase) -> DocumentService {
        var behaviour = DocumentBehaviour()
        if case .versioned = kind.shape {
            behaviour.prepare = { body, _ in
                var body = body
                if body["properties"]["tags"].isNull { body["properties"]["tags"] = .emptyObject }
                return body
            }
        }
        return DocumentService(kind, database: database, clock: clock, behaviour: behaviour)
    }

    static func boats(_ database: StateDatabase) -> ConformanceSubject {
        ConformanceSubject(
            "boats", at: boats.collectionPath, body: ["properties": ["length": 4.5, "colour": "Red"]],
            required: ["properties", "length"], changeable: ["properties", "colour"], otherValue: "Blue",
            routes: service(boats, database).routes())
    }

    static func maps(_ database: StateDatabase) -> ConformanceSubject {
        ConformanceSubject(
            "maps", at: maps.collectionPath, isVersioned: true, body: ["properties": ["scale": 25_000]],
            required: ["properties", "scale"], changeable: ["properties", "scale"], otherValue: 50_000,
            routes: service(maps, database).routes())
    }
}
