import Foundation
import LazuliTabular

extension WordVocabulary {
    /// The words that stand in most rows, if they stand in at least two and not in nearly all.
    init(fitting labels: LabelValues, rows: [Int], limit: Int) {
        var rowsOfText = Array(repeating: 0, count: labels.texts.count)
        for row in rows where labels.codes[row] >= 0 { rowsOfText[Int(labels.codes[row])] += 1 }
        var counts: [String: Int] = [:]
        for (text, count) in zip(labels.texts, rowsOfText) where count > 0 {
            for word in Set(Self.words(of: text)) { counts[word, default: 0] += count }
        }
        let kept = counts.filter { $0.value >= 2 && $0.value < rows.count * 19 / 20 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
        self.init(
            words: kept.map(\.key),
            weights: kept.map { Float(log((1 + Double(rows.count)) / (1 + Double($0.value))) + 1) })
    }

    static func words(of text: String) -> [String] {
        text.utf8.split { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), 128...:
                false
            default: true
            }
        }.map { String(decoding: $0.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self) }
    }

    /// Steps from 0 to 1 that weights are rounded to: in whichever order a row's squares are added, its weights are the same.
    static let grid: Float = 4096

    /// Feature after feature, a number per row each.
    func weights(of labels: LabelValues, rows: [Int]) -> [Float] {
        let places = Dictionary(uniqueKeysWithValues: zip(words, words.indices))
        var known: [Int32: [(Int, Float)]] = [:]
        var features = Array(repeating: Float(0), count: words.count * rows.count)
        for (place, row) in rows.enumerated() where labels.codes[row] >= 0 {
            let code = labels.codes[row]
            let found = known[code] ?? weights(of: labels.texts[Int(code)], places)
            known[code] = found
            for (word, weight) in found { features[word * rows.count + place] = weight }
        }
        return features
    }

    private func weights(of text: String, _ places: [String: Int]) -> [(Int, Float)] {
        var counts: [Int: Float] = [:]
        for word in Self.words(of: text) {
            if let place = places[word] { counts[place, default: 0] += 1 }
        }
        let weighted = counts.map { ($0.key, $0.value * weights[$0.key]) }
        let length = weighted.reduce(Float(0)) { $0 + $1.1 * $1.1 }.squareRoot()
        return weighted.map {
            ($0.0, length > 0 ? ($0.1 / length * Self.grid).rounded(.toNearestOrEven) / Self.grid : 0)
        }
    }
}
