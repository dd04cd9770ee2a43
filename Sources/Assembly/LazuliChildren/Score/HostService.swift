import LazuliInference
import LazuliResources

/// Answers requests with the models of a plan.
final class HostService {
    /// The model behind `/score`; nil for a repository of several.
    private let model: LoadedModel?
    private let routes: InferenceRoutes
    private let names: [String]

    /// - Throws: `ScoringFault` if a model cannot be loaded.
    init(_ plan: ScorePlan) throws(ScoringFault) {
        let served: [NativeModel.Served]
        switch NativeModel.find(in: plan.modelPath) {
        case .native(let found): served = found
        case .notNative(let reason): throw ScoringFault(.failed, "The model cannot be served without Python. \(reason)")
        }
        var models: [InferenceRoutes.Model] = []
        var latest: [LoadedModel] = []
        for entry in served {
            var versions: [Int: LoadedModel] = [:]
            for (number, description) in entry.versions {
                versions[entry.name.isEmpty ? plan.modelVersion : number] = try LoadedModel(
                    description, libraries: plan.libraries)
            }
            models.append(
                InferenceRoutes.Model(name: entry.name.isEmpty ? plan.modelName : entry.name, versions: versions))
            latest += versions.max { $0.key < $1.key }.map { [$0.value] } ?? []
        }
        model = latest.count == 1 ? latest[0] : nil
        names = served.map(\.name)
        routes = InferenceRoutes(models: models, server: "1.0")
    }

    func answer(_ frame: Frame, into buffer: inout AnswerBuffer) {
        switch frame.kind {
        case .describe: reply(frame, 200, ["openapi": description], &buffer)
        case .score where RequestHead(frame.head).isScoring: score(frame, &buffer)
        case .score: route(frame, &buffer)
        case nil:
            let fault = ScoringFault("A frame of a kind that this host does not know came in.")
            refuse(frame, fault, fault.body(), &buffer)
        }
    }

    private func score(_ frame: Frame, _ buffer: inout AnswerBuffer) {
        guard let model else {
            let fault = ScoringFault(
                .notFound,
                "The deployment serves several models; ask one of them: \(names.map { "/v2/models/\($0)/infer" }.joined(separator: ", "))."
            )
            return refuse(frame, fault, fault.body(), &buffer)
        }
        let draft = Reply(to: frame.id, status: 200, in: &buffer)
        do {
            try model.score(frame.body, into: &buffer)
            draft.finish(&buffer)
        } catch {
            draft.withdraw(from: &buffer)
            refuse(frame, error, model.errorBody(error), &buffer)
        }
    }

    /// Everything but scoring: the Open Inference Protocol, and whether we are well.
    private func route(_ frame: Frame, _ buffer: inout AnswerBuffer) {
        let head = RequestHead(frame.head), (method, path) = head.target
        if method == "POST", path == "/score" || path == "/invocations" || path == "/" { return score(frame, &buffer) }
        if ["/ping", "/health", "/"].contains(path) { return reply(frame, 200, ["status": "Healthy"], &buffer) }
        guard path == "/v2" || path.hasPrefix("/v2/") else {
            let fault = ScoringFault(.notFound, "There is no \(method) \(path); there is POST /score.")
            return refuse(frame, fault, fault.body(), &buffer)
        }
        infer(frame, head, method, path, &buffer)
    }

    private func infer(
        _ frame: Frame, _ head: RequestHead, _ method: String, _ path: String, _ buffer: inout AnswerBuffer
    ) {
        let length = head.value(of: "Inference-Header-Content-Length").flatMap { Int($0) }
        var content = AnswerBuffer()
        do {
            let answered = try routes.answer(
                method: method, path: path, headerLength: length, body: frame.body, into: &content)
            let reply = Reply(to: frame.id, status: 200, head: Self.head(answered), in: &buffer)
            buffer.append(content.bytes)
            reply.finish(&buffer)
        } catch {
            // The protocol's own form of an error is a text.
            reply(frame, error.status, ["error": .string(error.message)], &buffer)
        }
    }

    private static func head(_ head: InferenceRoutes.Head) -> String {
        switch head {
        case .json: ""
        case .binary(let length):
            "Content-Type: application/octet-stream\r\nInference-Header-Content-Length: \(length)\r\n"
        }
    }

    private func refuse(_ frame: Frame, _ fault: ScoringFault, _ body: JSON, _ buffer: inout AnswerBuffer) {
        if fault.kind == .failed { ScoringRole.say("Request \(requestID(frame)) failed: \(fault.message)") }
        reply(frame, fault.status, body, &buffer)
    }

    private func requestID(_ frame: Frame) -> String {
        RequestHead(frame.head).value(of: "x-ms-request-id") ?? String(frame.id)
    }

    private func reply(_ frame: Frame, _ status: UInt16, _ body: JSON, _ buffer: inout AnswerBuffer) {
        let reply = Reply(to: frame.id, status: status, in: &buffer)
        buffer.append(body.bytes)
        reply.finish(&buffer)
    }

    private var description: JSON {
        [
            "input": model?.signature.schema ?? .null, "inputExample": model?.sample ?? .null,
            "output": ["type": "array", "items": .emptyObject], "outputExample": .null,
            "description": .string(sentence), "paths": ["/v2"],
        ]
    }

    private var sentence: String {
        guard let model else { return "Several models, served over the Open Inference Protocol." }
        return "A model scored by \(model.scorer.engine)."
    }
}
