import Foundation

/// A bar for each of the columns that matter most.
struct ImportancePicture {
    private static let mostBars = 20
    private static let barHeight = 20.0
    private static let names = 180.0
    private static let width = 340.0

    let bars: ArraySlice<ExperimentEvent.Ending.Importance>
    private let total: Int
    private let note: String

    /// - Parameter columns: greatest first.
    init(_ columns: [ExperimentEvent.Ending.Importance], note: String) {
        bars = columns.prefix(Self.mostBars)
        total = columns.count
        self.note = note
    }

    var svg: SVG {
        let title = "What the columns are worth", top = 66.0
        let height = Self.barHeight * Double(bars.count)
        var picture = SVG(width: 620, height: top + height + 24, title: title)
        picture.text(title, at: SVG.Point(x: 24, y: 28), .init(size: 15, isBold: true))
        picture.text(words, at: SVG.Point(x: 24, y: 46), .init(size: 11.5, color: Palette.quiet))
        let most = max(bars.first?.share ?? 1, .leastNormalMagnitude)
        for (number, bar) in bars.enumerated() {
            let middle = top + (Double(number) + 0.5) * Self.barHeight
            draw(bar, length: bar.share / most * Self.width, at: middle, on: &picture)
        }
        let foot = SVG.Point(x: Self.names, y: top + height)
        picture.line(from: SVG.Point(x: Self.names, y: top), to: foot, .init(color: Palette.rule))
        return picture
    }

    private var words: String { bars.count < total ? "\(note); the first \(bars.count) of \(total)" : note }

    private func draw(
        _ bar: ExperimentEvent.Ending.Importance, length: Double, at middle: Double, on picture: inout SVG
    ) {
        picture.text(
            bar.column.shortened(to: 24), at: SVG.Point(x: Self.names - 8, y: middle + 4),
            .init(size: 11.5, anchor: .end))
        picture.rectangle(
            .init(x: Self.names, y: middle - 7, width: max(0.5, length), height: 14), fill: Palette.bar)
        picture.text(
            String(format: "%.1f %%", 100 * bar.share),
            at: SVG.Point(x: Self.names + length + 6, y: middle + 4), .init(size: 11, color: Palette.quiet))
    }
}
