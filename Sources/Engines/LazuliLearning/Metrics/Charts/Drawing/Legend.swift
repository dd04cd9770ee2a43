/// What the lines and areas of a picture stand for.
struct Legend {
    enum Sample {
        case line(SVG.Stroke)
        case area(String, opacity: Double)
    }

    private static let rowHeight = 20.0
    private static let mostCharacters = 22
    private var entries: [(name: String, sample: Sample)] = []

    mutating func add(_ name: String, _ sample: Sample) { entries.append((name, sample)) }

    /// - Parameter place: its upper left corner.
    func draw(on picture: inout SVG, at place: SVG.Point) {
        for (number, entry) in entries.enumerated() {
            let middle = place.y + (Double(number) + 0.5) * Self.rowHeight
            switch entry.sample {
            case .line(let stroke):
                picture.line(
                    from: SVG.Point(x: place.x, y: middle), to: SVG.Point(x: place.x + 24, y: middle), stroke)
            case .area(let color, let opacity):
                let (left, right) = (place.x, place.x + 24)
                picture.polygon(
                    [(left, -6.0), (right, -6), (right, 6), (left, 6)].map { SVG.Point(x: $0, y: middle + $1) },
                    fill: color, opacity: opacity)
            }
            picture.text(
                entry.name.shortened(to: Self.mostCharacters), at: SVG.Point(x: place.x + 32, y: middle + 4),
                .init(size: 11.5))
        }
    }
}
