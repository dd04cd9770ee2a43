package import LazuliResources

/// Charts as pictures, drawn from their data alone.
package enum ChartPicture {
    /// - Returns: an SVG document; nil for data that is no chart, such as the accuracy table.
    package static func svg(of chart: JSON) -> String? {
        let data = chart["data"], type = chart["schema_type"].string ?? ""
        if let style = LineStyle.all[type] { return LinePicture(style, data).svg.document }
        switch type {
        case "confusion_matrix": return ConfusionPicture(data).svg.document
        case "predictions": return PredictionsPicture(data).svg.document
        case "residuals": return ResidualsPicture(data).svg.document
        default: return nil
        }
    }

    /// A canvas with a heading, a plot at its left, and room for a legend at its right.
    static func canvas(_ title: String, note: String? = nil) -> SVG {
        var picture = SVG(width: 720, height: 480, title: title)
        picture.text(title, at: SVG.Point(x: frame.x, y: 28), .init(size: 15, isBold: true))
        if let note {
            picture.text(note, at: SVG.Point(x: frame.x, y: 46), .init(size: 11.5, color: Palette.quiet))
        }
        return picture
    }

    static let frame = SVG.Rectangle(x: 72, y: 60, width: 430, height: 360)
    static let legend = SVG.Point(x: 524, y: 60)
}

extension JSON {
    /// The numbers of a list.
    var numberList: [Double] { (array ?? []).map { $0.number ?? .nan } }
}
