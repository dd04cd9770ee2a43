import Foundation
import LazuliResources
import Testing

@testable import LazuliLearning

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reads a picture as a browser would: strictly.
private final class PictureReader: NSObject, XMLParserDelegate {
    private(set) var texts: [String] = []
    private(set) var elements: [String: Int] = [:]
    private var isText = false

    /// - Returns: nil if it is no well-formed XML.
    static func read(_ picture: String) -> PictureReader? {
        let reader = PictureReader(), parser = XMLParser(data: Data(picture.utf8))
        parser.delegate = reader
        return parser.parse() ? reader : nil
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements[name, default: 0] += 1
        isText = name == "text"
        if isText { texts.append("") }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if isText { texts[texts.count - 1] += text }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        isText = false
    }
}

@Suite("Charts as pictures")
struct ChartPictureTests {
    private func charts(classes: Int, names: [String]? = nil, rows: Int = 200) -> [(name: String, document: JSON)] {
        var random = RandomNumbers(seed: 3)
        let truth = (0..<rows).map { $0 % classes }
        let values = truth.flatMap { one in
            let raw = (0..<classes).map { random.unit() + ($0 == one ? 0.5 : 0) }
            let total = raw.reduce(0, +)
            return raw.map { $0 / total }
        }
        return ClassificationCharts(
            truth: truth, predictions: Predictions(width: classes, values: values),
            labels: names ?? (0..<classes).map { "class \($0)" }
        ).all
    }

    private func read(_ chart: JSON) throws -> PictureReader {
        let picture = try #require(ChartPicture.svg(of: chart))
        return try #require(PictureReader.read(picture))
    }

    @Test(
        "Every chart of a classification has a picture that is sound XML; the table of counts is none",
        arguments: [2, 3, 10, 30, 60])
    func classification(classes: Int) throws {
        for (name, document) in charts(classes: classes) {
            guard name != "accuracy_table" else {
                #expect(ChartPicture.svg(of: document) == nil)
                continue
            }
            let picture = try read(document)
            #expect(picture.elements["svg"] == 1 && picture.elements["title"] == 1, "\(name)")
            #expect(!picture.texts.contains { $0.isEmpty || $0.contains("nan") || $0.contains("inf") }, "\(name)")
        }
    }

    @Test("Every chart of a regression has a picture, for odd values too", arguments: [1, 1e-9, 1e12, 0])
    func regression(scale: Double) throws {
        let truth = (0..<90).map { Double($0 * $0 % 37) * scale }
        for shift in [0.0, 3, -400] {
            let predicted = truth.enumerated().map { $1 + shift * scale * Double($0 % 5) }
            let charts = RegressionCharts(truth: truth, predictions: Predictions(width: 1, values: predicted))
            for (name, document) in charts.all {
                let picture = try read(document)
                #expect(picture.elements["rect", default: 0] > 1, "\(name)")
                #expect(!picture.texts.contains { $0.isEmpty || $0.contains("nan") || $0.contains("inf") }, "\(name)")
            }
        }
    }

    @Test("Names of classes are escaped, and long ones shortened")
    func escapes() throws {
        let names = ["<b>&\"quoted\" 'it'", "tab\tand\u{1}control", "a name that is longer than a legend is wide"]
        for (name, document) in charts(classes: 3, names: names) where name != "accuracy_table" {
            let texts = try read(document).texts
            #expect(texts.contains { $0.hasPrefix("<b>&\"quot") }, "\(name)")
            #expect(texts.contains { $0.hasPrefix("a name th") && $0.contains("…") && $0.hasSuffix("wide") }, "\(name)")
            #expect(texts.contains { $0.hasPrefix("tab and\u{FFFD}") }, "\(name)")
        }
    }

    @Test("A line for each class and for both averages; many classes are one entry of the legend")
    func lines() throws {
        func chart(_ classes: Int) throws -> PictureReader {
            let chart = charts(classes: classes).first { $0.name == "roc_curve" }
            return try read(chart?.document ?? .null)
        }
        let few = try chart(3)
        #expect(few.elements["polyline"] == 5)
        #expect(Set(few.texts).isSuperset(of: ["class 0", "class 2", "weighted average", "macro average", "chance"]))
        let many = try chart(30)
        #expect(many.elements["polyline"] == 32)
        #expect(many.texts.contains("30 classes, each") && !many.texts.contains("class 0"))
    }

    @Test("The columns that matter most have a bar each, and the picture says how many there are")
    func importance() throws {
        let columns = (0..<30).map {
            ExperimentEvent.Ending.Importance(column: "<column \($0)>", share: $0 == 0 ? 1 : 0)
        }
        let picture = try #require(PictureReader.read(ImportancePicture(columns, note: "by guess").svg.document))
        #expect(picture.elements["rect"] == 21)
        #expect(Set(picture.texts).isSuperset(of: ["<column 0>", "100.0 %", "by guess; the first 20 of 30"]))
    }

    @Test("A confusion matrix tells its counts")
    func confusion() throws {
        let document = ChartDocument.json(
            "confusion_matrix", ["class_labels": ["no", "yes"], "matrix": [[90, 10], [25, 75]]])
        let texts = try read(document).texts
        #expect(Set(texts).isSuperset(of: ["90", "10", "25", "75", "no", "yes", "165 of 200 rows on the diagonal"]))
    }

    @Test("The mean of curves weighs them, and reads between their points")
    func averages() {
        let curves = [
            Curve(name: "a", x: [0, 0, 1], y: [0, 0.5, 1]), Curve(name: "b", x: [0, 0.5, 1], y: [0, 0, 1]),
        ]
        let mean = Curve.mean("m", of: curves, weights: [3, 1])
        #expect(mean.x.count == 101 && mean.y[0] == 0.375)
        #expect(abs(mean.y[75] - (3 * 0.875 + 0.5) / 4) < 1e-12)
        #expect(mean.y[100] == 1)
    }

    @Test(
        "Axes are marked with round numbers",
        arguments: [
            (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (3.2, 17.9, ["0", "5", "10", "15", "20"]),
            (-30_000, 90_000, ["−50k", "0", "50k", "100k"]),
            (2e6, 4e6, ["2.0M", "2.5M", "3.0M", "3.5M", "4.0M"]),
        ])
    func ticks(lower: Double, upper: Double, expected: [String]) {
        let scale = AxisScale(lower...upper)
        #expect(scale.ticks.map(scale.label) == expected)
        #expect(scale.lower <= lower && scale.upper >= upper)
    }
}
