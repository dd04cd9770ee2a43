import Foundation
import LazuliResources

/// Cases with scikit-learn's answers, from `Tests/Support/LearningFixtures`.
enum LearningFixture {
    static let metrics = read("metrics.json")
    static let trainers = read("trainers.json")

    private static func read(_ name: String) -> JSON {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Support/LearningFixtures/\(name)")
        guard let bytes = try? Data(contentsOf: file), let json = try? JSON(parsing: bytes) else { return .null }
        return json
    }
}

extension JSON {
    var numbers: [Double] { (array ?? []).compactMap(\.number) }
    var integers: [Int] { (array ?? []).compactMap(\.integer) }
    /// The numbers; nil where there is a null instead of a list.
    var numbersIfAny: [Double]? { array == nil ? nil : numbers }
}
