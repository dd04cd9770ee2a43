import LazuliResources

/// What belongs to a chart of lines beside its data.
struct LineStyle {
    enum Reference {
        /// From the lower left to the upper right corner.
        case diagonal(String)
        case level(Double, String)
    }

    let title: String
    let x: String
    let y: String
    var reference: Reference?
    /// Whether values lie between 0 and 1.
    var isShare = true
    var hasDots = false

    /// By the charts' types.
    static let all: [String: LineStyle] = [
        "roc_curve": LineStyle(
            title: "Receiver operating characteristic", x: "False positive rate", y: "True positive rate",
            reference: .diagonal("chance")),
        "precision_recall_curve": LineStyle(title: "Precision and recall", x: "Recall", y: "Precision"),
        "calibration_curve": LineStyle(
            title: "Calibration", x: "Mean predicted probability", y: "Share of rows that are of the class",
            reference: .diagonal("ideal"), hasDots: true),
        "cumulative_gains_curve": LineStyle(
            title: "Cumulative gains", x: "Share of rows, likeliest first", y: "Share of the class's rows among them",
            reference: .diagonal("chance")),
        "lift_curve": LineStyle(
            title: "Lift", x: "Share of rows, likeliest first", y: "Times as many of the class as by chance",
            reference: .level(1, "chance"), isShare: false),
    ]
}

/// A line per class, and their averages.
struct LinePicture {
    private let style: LineStyle
    private let classes: [Curve]
    private let averages: [Curve]
    /// More classes than this look all alike, so that the averages stand out.
    private static let mostColors = Palette.series.count
    private static let reference = SVG.Stroke(color: Palette.rule, width: 1.2, dashes: "3 4")

    init(_ style: LineStyle, _ data: JSON) {
        self.style = style
        classes = (data["series"].array ?? []).map(Curve.init)
        averages = classes.count > 1 ? (data["averages"].array ?? []).map(Curve.init) : []
    }

    var svg: SVG {
        var picture = ChartPicture.canvas(style.title), legend = Legend()
        let axes = Axes(frame: ChartPicture.frame, x: .share, y: yScale)
        axes.draw(on: &picture, xTitle: style.x, yTitle: style.y)
        if let name = drawReference(axes, on: &picture) { legend.add(name, .line(Self.reference)) }
        for (number, curve) in classes.enumerated() {
            let stroke = self.stroke(number)
            draw(curve, stroke, axes, on: &picture)
            if !isCrowded { legend.add(curve.name, .line(stroke)) }
        }
        if isCrowded { legend.add("\(classes.count) classes, each", .line(stroke(0))) }
        for (number, curve) in averages.enumerated() {
            let stroke = SVG.Stroke(color: Palette.ink, width: 2.4, dashes: number == 0 ? nil : "7 4")
            picture.polyline(axes.points(curve.x, curve.y), stroke)
            legend.add(curve.name, .line(stroke))
        }
        legend.draw(on: &picture, at: ChartPicture.legend)
        return picture
    }

    private var isCrowded: Bool { classes.count > Self.mostColors }

    private func stroke(_ number: Int) -> SVG.Stroke {
        isCrowded
            ? SVG.Stroke(color: Palette.crowd, width: 0.8)
            : SVG.Stroke(color: Palette.series[number], width: averages.isEmpty ? 1.8 : 1.5)
    }

    private func draw(_ curve: Curve, _ stroke: SVG.Stroke, _ axes: Axes, on picture: inout SVG) {
        let points = axes.points(curve.x, curve.y)
        picture.polyline(points, stroke)
        if style.hasDots, !isCrowded {
            for point in points { picture.circle(point, radius: 2.6, fill: stroke.color) }
        }
    }

    /// - Returns: what the line stands for.
    private func drawReference(_ axes: Axes, on picture: inout SVG) -> String? {
        switch style.reference {
        case .diagonal(let name):
            picture.line(from: axes.point(0, 0), to: axes.point(1, 1), Self.reference)
            return name
        case .level(let level, let name):
            picture.line(from: axes.point(0, level), to: axes.point(1, level), Self.reference)
            return name
        case nil: return nil
        }
    }

    private var yScale: AxisScale {
        if style.isShare { return .share }
        let most = (classes + averages).flatMap(\.y).filter(\.isFinite).max() ?? 1
        return AxisScale(0...max(1.5, most))
    }
}

extension Curve {
    fileprivate init(_ json: JSON) {
        self.init(name: json["name"].string ?? "", x: json["x"].numberList, y: json["y"].numberList)
    }
}
