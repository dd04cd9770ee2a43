import LazuliResources

/// Mean and deviation of what was predicted, by intervals of the true value, and how many rows lie in each.
struct PredictionsPicture {
    private struct Bin {
        let range: (Double, Double)
        let mean: Double
        let deviation: Double
        let count: Double

        var middle: Double { (range.0 + range.1) / 2 }
    }

    /// Those that hold a row.
    private let bins: [Bin]
    /// The most that the bars of counts take of the height.
    private static let barShare = 0.16
    private static let ideal = SVG.Stroke(color: Palette.rule, width: 1.2, dashes: "3 4")
    private static let mean = SVG.Stroke(color: Palette.blue, width: 2)

    init(_ data: JSON) {
        let edges = data["bin_edges"].numberList, means = data["bin_averages"].numberList
        let deviations = data["bin_errors"].numberList, counts = data["bin_counts"].numberList
        let complete = min(edges.count - 1, means.count, deviations.count, counts.count)
        bins = (0..<max(0, complete)).filter { counts[$0] > 0 }.map { place in
            Bin(
                range: (edges[place], edges[place + 1]), mean: means[place], deviation: deviations[place],
                count: counts[place])
        }
    }

    var svg: SVG {
        let rows = Int(bins.reduce(0) { $0 + $1.count })
        var picture = ChartPicture.canvas("Predicted and true values", note: "\(rows) rows, by true value")
        let axes = axes
        axes.draw(on: &picture, xTitle: "True value", yTitle: "Predicted value")
        drawCounts(axes, on: &picture)
        let upper = bins.map { axes.point($0.middle, $0.mean + $0.deviation) }
        let lower = bins.map { axes.point($0.middle, $0.mean - $0.deviation) }
        picture.polygon(upper + lower.reversed(), fill: Palette.blue, opacity: 0.16)
        let ends = (max(axes.x.lower, axes.y.lower), min(axes.x.upper, axes.y.upper))
        picture.line(from: axes.point(ends.0, ends.0), to: axes.point(ends.1, ends.1), Self.ideal)
        let means = bins.map { axes.point($0.middle, $0.mean) }
        picture.polyline(means, Self.mean)
        if bins.count <= 40 { for point in means { picture.circle(point, radius: 2.6, fill: Palette.blue) } }
        drawLegend(on: &picture)
        return picture
    }

    private var axes: Axes {
        let xs = bins.flatMap { [$0.range.0, $0.range.1] }.filter(\.isFinite)
        let ys = bins.flatMap { [$0.mean - $0.deviation, $0.mean + $0.deviation] }.filter(\.isFinite)
        let x = (xs.min() ?? 0)...(xs.max() ?? 1)
        let all = min(x.lowerBound, ys.min() ?? 0)...max(x.upperBound, ys.max() ?? 1)
        return Axes(frame: ChartPicture.frame, x: AxisScale(x, isRounded: false), y: AxisScale(all))
    }

    private func drawCounts(_ axes: Axes, on picture: inout SVG) {
        let most = bins.map(\.count).max() ?? 1, frame = axes.frame
        for bin in bins {
            let (left, right) = (axes.point(bin.range.0, 0).x, axes.point(bin.range.1, 0).x)
            let height = bin.count / most * Self.barShare * frame.height
            picture.rectangle(
                .init(
                    x: left + 0.5, y: frame.y + frame.height - height, width: max(0.5, right - left - 1),
                    height: height), fill: Palette.outerBar)
        }
    }

    private func drawLegend(on picture: inout SVG) {
        var legend = Legend()
        legend.add("ideal", .line(Self.ideal))
        legend.add("mean prediction", .line(Self.mean))
        legend.add("± standard deviation", .area(Palette.blue, opacity: 0.16))
        legend.add("number of rows", .area(Palette.outerBar, opacity: 1))
        legend.draw(on: &picture, at: ChartPicture.legend)
    }
}
