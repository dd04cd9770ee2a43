/// A length of time as ISO 8601 writes it: `P1DT2H30M15.5S`. Months and years have no fixed length and are refused.
public struct ISODuration: Sendable, Equatable {
    public let seconds: Double

    public init(seconds: Double) { self.seconds = seconds }

    public init?(_ text: String) {
        var rest = Substring(text.uppercased())
        guard rest.popFirst() == "P", !rest.isEmpty else { return nil }
        var total = 0.0, inTime = false, components = 0
        while !rest.isEmpty {
            if rest.first == "T" {
                guard !inTime else { return nil }
                inTime = true
                rest.removeFirst()
                continue
            }
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            guard let value = Double(digits), let unit = rest.popFirst(),
                let length = Self.length(of: unit, inTime: inTime)
            else { return nil }
            total += value * length
            components += 1
        }
        guard components > 0, total.isFinite else { return nil }
        seconds = total
    }

    private static func length(of unit: Character, inTime: Bool) -> Double? {
        switch (unit, inTime) {
        case ("W", false): 604_800
        case ("D", false): 86_400
        case ("H", true): 3600
        case ("M", true): 60
        case ("S", true): 1
        default: nil
        }
    }
}
