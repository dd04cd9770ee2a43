/// Two axes, and where values lie between them.
struct Axes {
    let frame: SVG.Rectangle
    let x: AxisScale
    let y: AxisScale

    func point(_ x: Double, _ y: Double) -> SVG.Point {
        SVG.Point(x: frame.x + self.x.place(x) * frame.width, y: frame.y + (1 - self.y.place(y)) * frame.height)
    }

    /// Beside each other; what is no number is left out.
    func points(_ xs: [Double], _ ys: [Double]) -> [SVG.Point] {
        zip(xs, ys).filter { $0.isFinite && $1.isFinite }.map { point($0, $1) }
    }

    /// The grid and the words around it.
    func draw(on picture: inout SVG, xTitle: String, yTitle: String) {
        let font = SVG.Font(size: 11, color: Palette.quiet, anchor: .middle)
        let bottom = frame.y + frame.height
        for tick in x.ticks {
            let top = point(tick, y.upper)
            picture.line(from: top, to: SVG.Point(x: top.x, y: bottom), .init(color: Palette.grid))
            picture.text(x.label(tick), at: SVG.Point(x: top.x, y: bottom + 17), font)
        }
        for tick in y.ticks {
            let left = point(x.lower, tick), right = point(x.upper, tick)
            picture.line(from: left, to: right, .init(color: Palette.grid))
            picture.text(
                y.label(tick), at: SVG.Point(x: left.x - 8, y: left.y + 4),
                .init(size: 11, color: Palette.quiet, anchor: .end))
        }
        let corner = point(x.lower, y.lower)
        picture.line(from: corner, to: point(x.upper, y.lower), .init(color: Palette.rule))
        picture.line(from: corner, to: point(x.lower, y.upper), .init(color: Palette.rule))
        let title = SVG.Font(size: 12, anchor: .middle)
        picture.text(xTitle, at: SVG.Point(x: frame.x + frame.width / 2, y: bottom + 38), title)
        let side = SVG.Point(x: 20, y: frame.y + frame.height / 2)
        picture.text(yTitle, at: side, .init(size: 12, anchor: .middle, turn: -90))
    }
}
