/// The colours of all pictures.
enum Palette {
    static let ink = "#222831"
    static let quiet = "#5c6570"
    static let rule = "#9aa3ad"
    static let grid = "#e7eaee"
    static let blue = series[0]
    static let bar = "#8fb8d8"
    static let outerBar = "#cfd8e1"
    static let crowd = "#b9c2cc"

    /// For classes, told apart also by who is blind to a colour; the first six are those of M. Okabe and K. Ito, "Color
    /// universal design", without black and yellow.
    static let series = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#332288", "#999933", "#882255", "#44aa99",
    ]

    /// From white to a dark blue.
    /// - Parameter share: from 0 to 1.
    static func shade(_ share: Double) -> String {
        let ends = [(250.0, 8.0), (252, 69), (255, 148)]
        let parts = ends.map { Int(($0 + ($1 - $0) * min(1, max(0, share))).rounded()) }
        return "rgb(\(parts[0]),\(parts[1]),\(parts[2]))"
    }

    /// What can be read on a shade.
    static func ink(onShade share: Double) -> String { share > 0.5 ? "#ffffff" : ink }
}
