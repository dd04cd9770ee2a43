import ArgumentParser
import Foundation
import LazuliResources

/// `mlflow gc`
struct MLflowCollection: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove deleted runs for good, with all that was logged to them.",
        discussion: """
            lazuli mlflow gc --older-than 30d
            lazuli mlflow gc --run-ids 0a1b…,2c3d… --yes

            Without ids: all deleted runs and logged models, and deleted experiments with all they hold. Files that a
            registered model needs stay. The answer tells the bytes that are free again.
            """)
    @Option(
        name: .customLong("older-than"),
        help: ArgumentHelp("Only what was deleted so long ago: 1d2h3m4s.", valueName: "duration"))
    var olderThan: String?
    @Option(name: .customLong("run-ids"), help: ArgumentHelp("Only these deleted runs.", valueName: "id,id…"))
    var runIDs: String?
    @Option(
        name: .customLong("experiment-ids"),
        help: ArgumentHelp("Only these deleted experiments, with all they hold.", valueName: "id,id…"))
    var experimentIDs: String?
    @Flag(name: .customLong("dry-run"), help: "Say what would go, and remove nothing.") var isTrial = false
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let age = try olderThan.map(Self.milliseconds)
        if !isTrial { try change.confirm("Remove deleted runs for good?") }
        var answer = try await MLflowServer(session).post(
            "2.0/mlflow/lazuli/gc",
            .object(dropping: [
                ("older_than", age.map(JSON.integer)), ("run_ids", runIDs.map(Self.list)),
                ("experiment_ids", experimentIDs.map(Self.list)), ("dry_run", .bool(isTrial)),
            ]))
        // Empty lists are left out on the wire.
        for member in ["experiment_ids", "run_ids", "model_ids"] where answer[member].isNull { answer[member] = [] }
        return answer
    }

    private static func list(_ text: String) -> JSON {
        .array(text.split(separator: ",").map { .string($0.trimmingCharacters(in: .whitespaces)) })
    }

    /// Numbers with the units d, h, m and s, the larger units first, as `mlflow gc` takes them.
    static func milliseconds(_ text: String) throws -> Int64 {
        let units: [Character: Double] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000]
        var total = 0.0, digits = "", rest = "dhms"
        for character in text {
            guard let unit = units[character] else {
                digits.append(character)
                continue
            }
            guard let number = Double(digits), number >= 0, let place = rest.firstIndex(of: character) else {
                throw wrong(text)
            }
            total += number * unit
            digits = ""
            rest = String(rest[rest.index(after: place)...])
        }
        guard digits.isEmpty, !text.isEmpty, total < 1e15 else { throw wrong(text) }
        return Int64(total)
    }

    private static func wrong(_ text: String) -> ServiceError {
        ServiceError(ErrorReport.usageCode, "--older-than \(text): write a duration such as 30d, 1d12h or 45m.")
    }
}
