import Foundation

/// A picture in the making: shapes and words in the order in which they are painted.
///
/// Source: W3C, "Scalable Vector Graphics (SVG) 1.1". Lengths are pixels, from the upper left corner.
struct SVG {
    struct Point: Equatable {
        var x: Double
        var y: Double
    }

    struct Rectangle {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    struct Stroke {
        var color: String
        var width = 1.0
        /// Lengths of dashes and gaps.
        var dashes: String?
    }

    enum Anchor: String {
        case start, middle, end
    }

    struct Font {
        var size = 12.0
        var color = Palette.ink
        var anchor = Anchor.start
        var isBold = false
        /// Degrees, clockwise, around the text's own place.
        var turn = 0.0
    }

    let width: Double
    let height: Double
    private let title: String
    private var elements: [String] = []

    /// - Parameter title: for readers that do not see the picture.
    init(width: Double, height: Double, title: String) {
        (self.width, self.height, self.title) = (width, height, title)
        rectangle(Rectangle(x: 0, y: 0, width: width, height: height), fill: "#ffffff")
    }

    mutating func line(from start: Point, to end: Point, _ stroke: Stroke) {
        add("line", [("x1", start.x), ("y1", start.y), ("x2", end.x), ("y2", end.y)], stroke.attributes)
    }

    mutating func polyline(_ points: [Point], _ stroke: Stroke) {
        let attributes = [("points", Self.list(points)), ("fill", "none"), ("stroke-linejoin", "round")]
        add("polyline", [], attributes + stroke.attributes)
    }

    mutating func polygon(_ points: [Point], fill: String, opacity: Double = 1) {
        add("polygon", [("fill-opacity", opacity)], [("points", Self.list(points)), ("fill", fill)])
    }

    mutating func circle(_ centre: Point, radius: Double, fill: String) {
        add("circle", [("cx", centre.x), ("cy", centre.y), ("r", radius)], [("fill", fill)])
    }

    mutating func rectangle(_ place: Rectangle, fill: String, _ stroke: Stroke? = nil) {
        add(
            "rect", [("x", place.x), ("y", place.y), ("width", place.width), ("height", place.height)],
            [("fill", fill)] + (stroke?.attributes ?? []))
    }

    /// - Parameter place: of the text's base line.
    mutating func text(_ text: String, at place: Point, _ font: Font = Font()) {
        var attributes = [("fill", font.color), ("text-anchor", font.anchor.rawValue)]
        if font.isBold { attributes.append(("font-weight", "600")) }
        if font.turn != 0 {
            let numbers = [font.turn, place.x, place.y].map(Self.number).joined(separator: " ")
            attributes.append(("transform", "rotate(\(numbers))"))
        }
        add("text", [("x", place.x), ("y", place.y), ("font-size", font.size)], attributes, content: text)
    }

    /// The whole picture.
    var document: String {
        let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
        let box = "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
        let start =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) role=\"img\" "
            + "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif\">"
        let lines = [start, "<title>\(Self.escaped(title))</title>"] + elements + ["</svg>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func add(
        _ name: String, _ numbers: [(String, Double)], _ words: [(String, String)], content: String? = nil
    ) {
        let attributes = (numbers.map { ($0, Self.number($1)) } + words).map { " \($0)=\"\(Self.escaped($1))\"" }
        let end = content.map { ">\(Self.escaped($0))</\(name)>" } ?? "/>"
        elements.append("<\(name)\(attributes.joined())\(end)")
    }

    private static func list(_ points: [Point]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    /// With at most two digits behind the point.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? String(Int(rounded)) : String(rounded)
    }

    /// Text as XML may hold it; characters that it may not hold at all become U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension SVG.Stroke {
    fileprivate var attributes: [(String, String)] {
        [("stroke", color), ("stroke-width", SVG.number(width))] + (dashes.map { [("stroke-dasharray", $0)] } ?? [])
    }
}

extension String {
    /// At most so many characters: where there are more, an ellipsis stands for the middle, as names often differ at
    /// their ends.
    func shortened(to most: Int) -> String {
        guard count > most else { return self }
        let end = (most - 1) / 3
        return "\(prefix(most - 1 - end))…\(suffix(end))"
    }
}
