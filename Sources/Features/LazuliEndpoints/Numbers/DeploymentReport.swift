import LazuliProcesses
import LazuliResources

/// A deployment's numbers as callers of the management API see them.
struct DeploymentReport: Sendable {
    let numbers: TrafficNumbers
    let standing: (processes: [ProcessIdentity], instances: Int, wanted: Int)?

    private static let percentiles = [("p50Ms", 0.5), ("p90Ms", 0.9), ("p95Ms", 0.95), ("p99Ms", 0.99)]

    var json: JSON {
        let use = ProcessUse.sum(of: standing?.processes ?? [])
        return [
            "requests": JSON(Int(numbers.latency.count)), "statuses": Self.statuses(numbers.statuses),
            "latency": Self.latency(numbers.latency), "requestBytes": JSON(Int(numbers.requestBytes)),
            "answerBytes": JSON(Int(numbers.answerBytes)), "inFlight": JSON(numbers.inFlight),
            "queued": JSON(numbers.queued), "instances": JSON(standing?.instances ?? 0),
            "instancesWanted": JSON(standing?.wanted ?? 0), "cpuSeconds": .number(use.processorSeconds),
            "memoryBytes": JSON(Int(use.residentBytes)),
            "minutes": .array(
                numbers.minutes.map { minute in
                    [
                        "time": .string(Timestamp.text(minute.minute * 60_000)),
                        "requests": JSON(Int(minute.latency.count)), "statuses": Self.statuses(minute.statuses),
                        "latency": Self.latency(minute.latency),
                    ]
                }),
        ]
    }

    private static func statuses(_ counts: [Int: UInt64]) -> JSON {
        .object(JSONObject(counts.sorted { $0.key < $1.key }.map { (String($0.key), JSON(Int($0.value))) }))
    }

    private static func latency(_ histogram: LatencyHistogram) -> JSON {
        var shown = JSONObject([("meanMs", histogram.mean.map { .number($0 / 1000) } ?? .null)])
        for (name, share) in percentiles {
            shown[name] = histogram.percentile(share).map { .number(Double($0) / 1000) } ?? .null
        }
        return .object(shown)
    }
}
