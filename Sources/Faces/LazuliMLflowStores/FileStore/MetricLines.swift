/// The lines of a metric's file: `time value [step [dataset digest]]`; of a logged model's, the run stands after the step.
enum MetricLines {
    /// Why a line is no metric point.
    struct Fault: Error, Equatable {
        let line: Int
    }

    /// - Returns: the points, and the numbers of the lines that are none.
    static func series(_ bytes: [UInt8], key: String) -> (series: StoredSeries, badLines: [Int]) {
        var series = StoredSeries(key: key)
        var bad: [Int] = []
        each(bytes) { number, fields in
            guard fields.count >= 2, let time = integer(fields[0]), let value = value(fields[1]) else {
                return bad.append(number)
            }
            guard fields.count > 2 else { return series.append(value: value, timestamp: time, step: 0) }
            guard let step = integer(fields[2]) else { return bad.append(number) }
            series.append(value: value, timestamp: time, step: step)
        }
        return (series, bad)
    }

    static func modelMetrics(_ bytes: [UInt8], key: String) -> (metrics: [StoredModelMetric], badLines: [Int]) {
        var metrics: [StoredModelMetric] = []
        var bad: [Int] = []
        each(bytes) { number, fields in
            guard fields.count >= 4, let time = integer(fields[0]), let value = value(fields[1]),
                let step = integer(fields[2])
            else { return bad.append(number) }
            let dataset = fields.count >= 6 ? fields[4..<fields.count - 1].map(text).joined(separator: " ") : nil
            metrics.append(
                StoredModelMetric(
                    key: key, value: value, timestamp: time, step: step, runID: text(fields[3]), datasetName: dataset,
                    datasetDigest: dataset == nil ? nil : text(fields[fields.count - 1])))
        }
        return (metrics, bad)
    }

    private static func each(_ bytes: [UInt8], _ body: (Int, [ArraySlice<UInt8>]) -> Void) {
        var number = 0, start = 0
        while start < bytes.count {
            number += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            var line = bytes[start..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if !line.isEmpty { body(number, line.split(separator: UInt8(ascii: " "))) }
            start = end + 1
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var digits = bytes
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard !digits.isEmpty, digits.count < 19 else { return Int64(text(bytes)) }
        var result: Int64 = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            result = result * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return isNegative ? -result : result
    }

    /// As Python prints numbers: `nan`, `inf` and `-inf` among them.
    private static func value(_ bytes: ArraySlice<UInt8>) -> Double? { Double(text(bytes)) }
}
