import LazuliResources

/// What the head and the last line of a LightGBM text model say.
struct LightGBMHeader: Sendable {
    let featureNames: [String]
    /// The features that are categories, in order.
    let categoricalFeatures: [Int]
    /// For each of them, the texts or numbers that pandas numbered; empty if the model was not trained from pandas.
    let categories: [[String]]

    /// - Returns: nil if the bytes are no LightGBM text model.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.starts(with: "tree\n".utf8) || bytes.starts(with: "tree\r\n".utf8) else { return nil }
        let fields = Self.fields(bytes)
        featureNames = fields["feature_names"]?.split(separator: " ").map(String.init) ?? []
        let infos = fields["feature_infos"]?.split(separator: " ") ?? []
        // Numbers have a range, [1:2]; categories are listed, 1:2:3.
        categoricalFeatures = infos.indices.filter { infos[$0] != "none" && infos[$0].first != "[" }
        categories = Self.categories(bytes)
        guard !featureNames.isEmpty else { return nil }
    }

    private static let longestHead = 1 << 22

    private static func fields(_ bytes: UnsafeRawBufferPointer) -> [String: String] {
        var fields: [String: String] = [:]
        let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(longestHead))
        for line in head.split(separator: UInt8(ascii: "\n"), maxSplits: 64) {
            let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2 else { continue }
            let key = String(decoding: parts[0], as: UTF8.self)
            if key == "Tree" { break }
            fields[key] = String(decoding: parts[1], as: UTF8.self)
        }
        return fields
    }

    private static func categories(_ bytes: UnsafeRawBufferPointer) -> [[String]] {
        let marker = Array("\npandas_categorical:".utf8)
        let tail = UnsafeRawBufferPointer(rebasing: bytes.suffix(longestHead))
        var place = tail.count - marker.count
        while place >= 0, !tail[place...].starts(with: marker) { place -= 1 }
        guard place >= 0 else { return [] }
        let rest = tail[(place + marker.count)...].prefix { $0 != UInt8(ascii: "\n") }
        let lists = (try? JSON(parsing: Array(rest)))?.array ?? []
        return lists.map { ($0.array ?? []).map { $0.scalarText ?? "" } }
    }

    /// The columns that clients give: a text for each category that pandas numbered, a number for everything else.
    var columns: [ModelSignature.Column] {
        featureNames.enumerated().map { index, name in
            ModelSignature.Column(name: name, type: table(of: index) == nil ? .float64 : .string)
        }
    }

    /// The number of each text of a categorical feature; nil where clients give the number itself.
    func table(of feature: Int) -> [String]? {
        guard categories.count == categoricalFeatures.count, let place = categoricalFeatures.firstIndex(of: feature)
        else { return nil }
        return categories[place]
    }
}
