/// The members of a JSON object in the order they were written. A repeated key keeps its first place and its last value.
///
/// Nearly all objects have a few members, which are found fastest by looking through them; larger ones keep an index.
public struct JSONObject: Sendable {
    public private(set) var pairs: [(key: String, value: JSON)] = []
    /// The place of each key, once there are more than `mostWithoutIndex`.
    private var places: [String: Int]?
    private static let mostWithoutIndex = 12

    public init() {}

    public init(_ pairs: some Sequence<(String, JSON)>) {
        for (key, value) in pairs { self[key] = value }
    }

    public var count: Int { pairs.count }
    public var isEmpty: Bool { pairs.isEmpty }
    public var keys: [String] { pairs.map(\.key) }

    /// Setting nil removes the member; setting `.null` writes a null.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { pairs[$0].value } }
        set {
            guard let newValue else { return remove(key) }
            if let place = place(of: key) {
                pairs[place].value = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    private func place(of key: String) -> Int? {
        if let places { return places[key] }
        return pairs.firstIndex { $0.key == key }
    }

    private mutating func append(_ key: String, _ value: JSON) {
        if pairs.isEmpty { pairs.reserveCapacity(4) }
        pairs.append((key, value))
        if places != nil {
            places?[key] = pairs.count - 1
        } else if pairs.count > Self.mostWithoutIndex {
            index()
        }
    }

    private mutating func remove(_ key: String) {
        guard let place = place(of: key) else { return }
        pairs.remove(at: place)
        if places != nil { index() }
    }

    private mutating func index() {
        places = Dictionary(uniqueKeysWithValues: pairs.indices.map { (pairs[$0].key, $0) })
    }

    /// These members, overlaid with the other's.
    public func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for (key, value) in other.pairs { merged[key] = value }
        return merged
    }
}

extension JSONObject: Equatable {
    /// Order does not matter to equality, as RFC 8259 section 4 says of objects.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.pairs.allSatisfy { right[$0.key] == $0.value }
    }
}
