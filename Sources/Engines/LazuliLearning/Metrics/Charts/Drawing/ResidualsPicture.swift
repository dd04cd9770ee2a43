import Foundation
import LazuliResources

/// A histogram of predicted minus true. What lies beyond two standard deviations is one bar at each end.
struct ResidualsPicture {
    private struct Bar {
        var range: (Double, Double)
        var count: Double
        /// Whether it stands for all that lies beyond.
        var isOuter = false
    }

    private let bars: [Bar]
    private let note: String

    init(_ data: JSON) {
        let edges = data["bin_edges"].numberList, counts = data["bin_counts"].numberList
        let mean = data["mean"].number ?? 0, deviation = data["stddev"].number ?? 0
        let rows = data["res_count"].integer ?? 0
        note =
            "\(rows) rows, mean \(String(format: "%.4g", mean)), standard deviation \(String(format: "%.4g", deviation))"
        bars = Self.bars(edges, counts, inner: (mean - 2 * deviation)...(mean + 2 * max(0, deviation)))
    }

    private static func bars(_ edges: [Double], _ counts: [Double], inner: ClosedRange<Double>) -> [Bar] {
        let total = counts.reduce(0, +), mean = (inner.lowerBound + inner.upperBound) / 2
        let isWide = inner.upperBound - inner.lowerBound > max(abs(mean) * 1e-9, .leastNormalMagnitude * 1e10)
        guard isWide, edges.count > 1 else {
            let half = max(abs(mean) / 100, 0.02)
            return total > 0 ? [Bar(range: (mean - half, mean + half), count: total)] : []
        }
        let slack = (inner.upperBound - inner.lowerBound) / 1000
        let width = (inner.upperBound - inner.lowerBound) / 20
        return counts.indices.prefix(edges.count - 1).map { place in
            let range = (edges[place], edges[place + 1])
            if range.1 <= inner.lowerBound + slack {
                return Bar(range: (range.1 - width, range.1), count: counts[place], isOuter: true)
            }
            let isAbove = range.0 >= inner.upperBound - slack
            return Bar(range: isAbove ? (range.0, range.0 + width) : range, count: counts[place], isOuter: isAbove)
        }
    }

    var svg: SVG {
        var picture = ChartPicture.canvas("Residuals", note: note), legend = Legend()
        let least = bars.map(\.range.0).min() ?? -1, most = bars.map(\.range.1).max() ?? 1
        let axes = Axes(
            frame: ChartPicture.frame, x: AxisScale(least...max(least, most), isRounded: false, marks: 6),
            y: AxisScale(0...max(1, bars.map(\.count).max() ?? 1)))
        axes.draw(on: &picture, xTitle: "Predicted − true value", yTitle: "Rows")
        for bar in bars {
            let corner = axes.point(bar.range.0, bar.count), end = axes.point(bar.range.1, 0)
            picture.rectangle(
                .init(x: corner.x + 0.5, y: corner.y, width: max(1, end.x - corner.x - 1), height: end.y - corner.y),
                fill: bar.isOuter ? Palette.outerBar : Palette.bar)
        }
        let zero = SVG.Stroke(color: Palette.ink, width: 1.2, dashes: "3 4")
        if axes.x.lower < 0, axes.x.upper > 0 {
            picture.line(from: axes.point(0, 0), to: axes.point(0, axes.y.upper), zero)
            legend.add("no error", .line(zero))
        }
        legend.add("rows", .area(Palette.bar, opacity: 1))
        if bars.contains(where: \.isOuter) {
            legend.add("all that lie beyond", .area(Palette.outerBar, opacity: 1))
        }
        legend.draw(on: &picture, at: ChartPicture.legend)
        return picture
    }
}
