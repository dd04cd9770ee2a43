import LazuliEndpoints
import NIOCore

/// The numbers of all endpoints in the text form of Prometheus. Source: its exposition formats, version 0.0.4.
enum MetricsPage {
    private static let quantiles = [0.5, 0.9, 0.95, 0.99]

    static func answer(_ endpoints: [Gateway.EndpointLanes]) -> ScoringAnswer {
        let lanes = endpoints.flatMap { endpoint in
            endpoint.lanes.sorted { $0.key < $1.key }.map { lane in
                (labels: label(endpoint.picture.name, lane.key), numbers: lane.value.report)
            }
        }
        var page = Page()
        page.begin("lazuli_endpoint_requests_total", "counter", "Requests answered, by status.")
        for lane in lanes {
            for (status, count) in lane.numbers.statuses.sorted(by: { $0.key < $1.key }) {
                page.line("\(lane.labels),status=\"\(status)\"", "\(count)")
            }
        }
        page.begin("lazuli_endpoint_latency_seconds", "summary", "From a request's last byte to its answer.")
        for lane in lanes {
            let latency = lane.numbers.latency
            for share in quantiles {
                guard let value = latency.percentile(share) else { continue }
                page.line("\(lane.labels),quantile=\"\(share)\"", "\(Double(value) / 1e6)")
            }
            page.line(lane.labels, "\(Double(latency.sum) / 1e6)", suffix: "_sum")
            page.line(lane.labels, "\(latency.count)", suffix: "_count")
        }
        gauge(&page, "lazuli_endpoint_in_flight", "Requests that replicas have taken in.", lanes) { $0.inFlight }
        gauge(&page, "lazuli_endpoint_queued", "Requests that wait for a replica.", lanes) { $0.queued }
        page.begin("lazuli_endpoint_busy_seconds_total", "counter", "Time that replicas spent on requests.")
        for lane in lanes { page.line(lane.labels, "\(Double(lane.numbers.busyNanoseconds) / 1e9)") }
        return .text(page.text, type: "text/plain; version=0.0.4; charset=utf-8")
    }

    private static func gauge(
        _ page: inout Page, _ name: String, _ help: String, _ lanes: [(labels: String, numbers: TrafficNumbers)],
        _ value: (TrafficNumbers) -> Int
    ) {
        page.begin(name, "gauge", help)
        for lane in lanes { page.line(lane.labels, "\(value(lane.numbers))") }
    }

    /// Names of endpoints and deployments hold nothing that would need escaping.
    private static func label(_ endpoint: String, _ deployment: String) -> String {
        "endpoint=\"\(endpoint)\",deployment=\"\(deployment)\""
    }

    private struct Page {
        var text = ""
        private var name = ""

        mutating func begin(_ name: String, _ type: String, _ help: String) {
            self.name = name
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }

        mutating func line(_ labels: String, _ value: String, suffix: String = "") {
            text += "\(name)\(suffix){\(labels)} \(value)\n"
        }
    }
}
