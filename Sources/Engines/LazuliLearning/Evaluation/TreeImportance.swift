import Dispatch
import Foundation

/// The mean size of the columns' SHAP values, over as many rows as there is time for.
enum TreeImportance {
    static let mostRows = 500

    static func measure(
        _ model: FinalAttribution, _ table: PreparedTable, until end: ContinuousClock.Instant
    ) -> Importance.Measured {
        let rows = model.rows(of: table)
        // When time is short, the rows that were explained shall be spread over the table.
        var random = RandomNumbers(seed: 1)
        let order = (0..<rows.count).shuffled(using: &random)
        let threads = max(1, min(ProcessInfo.processInfo.activeProcessorCount, rows.count))
        let parts = [Sums](unsafeUninitializedCapacity: threads) { parts, filled in
            // Each thread writes a place of its own.
            nonisolated(unsafe) let places = parts
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                var sums = Sums(model)
                for place in stride(from: thread, to: order.count, by: threads) {
                    guard sums.rows == 0 || ContinuousClock.now < end else { break }
                    sums.add(order[place], of: rows)
                }
                places.initializeElement(at: thread, to: sums)
            }
            filled = threads
        }
        return measured(model, parts)
    }

    /// Sizes added up over rows.
    private struct Sums {
        private let walk: FinalAttribution.Walk
        /// A number per column and output, column after column.
        private(set) var sizes: [Double]
        private(set) var rows = 0

        init(_ model: FinalAttribution) {
            walk = model.makeWalk()
            sizes = Array(repeating: 0, count: model.columns.count * model.width)
        }

        mutating func add(_ row: Int, of rows: FinalAttribution.Rows) {
            for (place, value) in walk.values(of: row, in: rows).enumerated() { sizes[place] += abs(value) }
            self.rows += 1
        }
    }

    private static func measured(_ model: FinalAttribution, _ parts: [Sums]) -> Importance.Measured {
        let rows = parts.reduce(0) { $0 + $1.rows }, width = model.width
        let columns = model.columns.enumerated().map { place, name in
            let means = (0..<width).map { output in
                parts.reduce(0) { $0 + $1.sizes[place * width + output] } / Double(max(1, rows))
            }
            return Importance.Column(
                name: name, amount: means.reduce(0, +) / Double(width), ofClasses: width > 1 ? means : [])
        }
        return (.shap, rows, columns)
    }
}
