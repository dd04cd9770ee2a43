import Foundation
import LazuliResources

/// A table of true and predicted classes, each cell as dark as its share of the true class.
struct ConfusionPicture {
    private let labels: [String]
    private let counts: [[Int]]
    private let cell: Double
    private let left: Double
    private static let top = 108.0
    private static let mostNumbered = 16
    private static let mostNamed = 40

    init(_ data: JSON) {
        labels = (data["class_labels"].array ?? []).map { $0.string ?? "" }
        counts = (data["matrix"].array ?? []).map { row in (row.array ?? []).map { $0.integer ?? 0 } }
        cell = min(84, max(3, 440 / Double(max(1, labels.count))))
        left = 60 + 7 * Double(labels.lazy.map { Self.short($0).count }.max() ?? 0)
    }

    private static func short(_ label: String) -> String { label.shortened(to: 14) }

    private var side: Double { cell * Double(labels.count) }
    /// The height that names above columns take beyond a line.
    private var columnNames: Double {
        guard hasTurnedNames else { return 0 }
        let longest = Double(labels.lazy.map { Self.short($0).count }.max() ?? 0)
        return (isNarrow ? 0.62 * nameSize : 5) * longest
    }
    /// Whether names above columns stand upright rather than aslant.
    private var isNarrow: Bool { cell < 24 }
    private var nameSize: Double { min(12, max(7, cell - 2)) }
    private var hasNames: Bool { labels.count <= Self.mostNamed }
    private var hasTurnedNames: Bool {
        hasNames && labels.contains { 6.5 * Double(Self.short($0).count) > cell - 4 }
    }
    private var top: Double { Self.top + columnNames }

    var svg: SVG {
        let title = "Confusion matrix"
        var picture = SVG(
            width: max(420, left + side + 150), height: max(top + side, top + Self.scaleHeight + 10) + 30, title: title)
        let (right, middle) = (left + side + 28, left + side / 2)
        picture.text(title, at: SVG.Point(x: 24, y: 28), .init(size: 15, isBold: true))
        picture.text(note, at: SVG.Point(x: 24, y: 46), .init(size: 11.5, color: Palette.quiet))
        picture.text("Predicted class", at: SVG.Point(x: middle, y: 76), .init(size: 12, anchor: .middle))
        picture.text(
            "True class", at: SVG.Point(x: 28, y: top + side / 2), .init(size: 12, anchor: .middle, turn: -90))
        for (row, numbers) in counts.enumerated() { draw(row, numbers, on: &picture) }
        if hasNames { drawNames(on: &picture) }
        picture.rectangle(
            .init(x: left, y: top, width: side, height: side), fill: "none", .init(color: Palette.rule))
        drawScale(at: SVG.Point(x: right, y: top), on: &picture)
        return picture
    }

    private var note: String {
        let all = counts.joined().reduce(0, +)
        let right = counts.indices.reduce(0) { $0 + (counts[$1].indices.contains($1) ? counts[$1][$1] : 0) }
        return "\(right) of \(all) rows on the diagonal"
    }

    private func draw(_ row: Int, _ numbers: [Int], on picture: inout SVG) {
        let total = numbers.reduce(0, +)
        for (column, number) in numbers.enumerated() {
            let share = total > 0 ? Double(number) / Double(total) : 0
            let place = SVG.Rectangle(
                x: left + Double(column) * cell, y: top + Double(row) * cell, width: cell, height: cell)
            picture.rectangle(
                place, fill: Palette.shade(share), cell > 12 ? .init(color: "#ffffff", width: 1) : nil)
            if labels.count <= Self.mostNumbered { write(number, share, in: place, on: &picture) }
        }
    }

    private func write(_ number: Int, _ share: Double, in place: SVG.Rectangle, on picture: inout SVG) {
        let middle = SVG.Point(x: place.x + cell / 2, y: place.y + cell / 2), hasShare = cell >= 44
        let color = number == 0 ? Palette.rule : Palette.ink(onShade: share)
        picture.text(
            "\(number)", at: SVG.Point(x: middle.x, y: middle.y + (hasShare && number > 0 ? 0 : 4)),
            .init(size: cell >= 44 ? 14 : 10.5, color: color, anchor: .middle))
        guard hasShare, number > 0 else { return }
        picture.text(
            String(format: "%.1f %%", 100 * share), at: SVG.Point(x: middle.x, y: middle.y + 16),
            .init(size: 10.5, color: color, anchor: .middle))
    }

    private func drawNames(on picture: inout SVG) {
        let turn = hasTurnedNames ? (isNarrow ? -90.0 : -45) : 0
        for (number, label) in labels.enumerated() {
            let middle = (Double(number) + 0.5) * cell
            picture.text(
                Self.short(label), at: SVG.Point(x: left - 8, y: top + middle + 4),
                .init(size: nameSize, anchor: .end))
            picture.text(
                Self.short(label), at: SVG.Point(x: left + middle + (hasTurnedNames ? 4 : 0), y: top - 8),
                .init(size: nameSize, anchor: hasTurnedNames ? .start : .middle, turn: turn))
        }
    }

    private static let scaleHeight = 160.0

    /// What the shades mean.
    private func drawScale(at place: SVG.Point, on picture: inout SVG) {
        let steps = 40, height = Self.scaleHeight / Double(steps)
        for step in 0..<steps {
            let y = place.y + 10 + Double(step) * height
            picture.rectangle(
                .init(x: place.x, y: y, width: 12, height: height + 0.5),
                fill: Palette.shade(1 - (Double(step) + 0.5) / Double(steps)))
        }
        for (share, text) in [(0.0, "0 %"), (0.5, "50 %"), (1, "100 % of the true class")] {
            let words = text.split(separator: " ", maxSplits: 2).map(String.init)
            let y = place.y + 14 + (1 - share) * Self.scaleHeight
            let font = SVG.Font(size: 11, color: Palette.quiet)
            picture.text(words.prefix(2).joined(separator: " "), at: SVG.Point(x: place.x + 18, y: y), font)
            guard words.count > 2 else { continue }
            picture.text(words[2], at: SVG.Point(x: place.x + 18, y: y + 14), font)
        }
    }
}
