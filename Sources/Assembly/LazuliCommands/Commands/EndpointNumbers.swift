import ArgumentParser
import LazuliResources

/// `online-deployment logs`: requests as rows, the newest first. `get-logs` shows what the model itself wrote.
struct DeploymentRequests: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "List the requests a deployment answered, the newest first.",
        discussion: """
            --query is a filter here: lazuli online-deployment logs -e E -n blue --query 'status >= 500 and latency > 100ms'
            Fields are status, latency, wait, size, answer and time; a word by itself is looked for in the ids.
            """)
    @OptionGroup var options: ChildNames
    @Option(name: [.customShort("r"), .customLong("max-results")], help: "At most so many.") var maxResults = 50
    @OptionGroup var global: GlobalOptions

    var columns: [ResourceKind.Column]? {
        [
            .init("Time", "time"), .init("Status", "status"), .init("Latency ms", "latencyMs"),
            .init("Wait ms", "waitMs"), .init("In", "requestBytes"), .init("Out", "answerBytes"),
            .init("Request", "requestId"),
        ]
    }

    mutating func run() async throws {
        let command = self
        try await Reported.run {
            let rows = try await command.global.withSession { try await command.answer($0) }
            command.global.out(command.global.output.text(of: rows, columns: command.columns))
        }
    }

    func answer(_ session: Session) async throws -> JSON {
        let endpoint = try required(options.endpoint, "endpoint", flag: "--endpoint-name")
        let name = try required(options.name, "online deployment")
        let answer = try await ResourceVerbs(session: session, kind: .onlineDeployment).act(
            "requests", .init(name: name, parent: endpoint),
            body: ["query": .string(global.query ?? ""), "top": JSON(maxResults)])
        return answer["value"]
    }
}

/// `online-endpoint metrics`
struct EndpointMetrics: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Show requests, statuses, latencies and load of each deployment.")
    @OptionGroup var options: EndpointNames
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await ResourceVerbs(session: session, kind: .onlineEndpoint)
            .act("metrics", .init(name: try required(options.name, "online endpoint")))
    }
}
