import LazuliResources

/// The paths of the Open Inference Protocol, version 2, for a host's models.
package struct InferenceRoutes {
    package struct Model {
        let name: String
        let versions: [Int: LoadedModel]

        package init(name: String, versions: [Int: LoadedModel]) {
            self.name = name
            self.versions = versions
        }

        func version(_ text: String?) -> (number: Int, model: LoadedModel)? {
            guard let text else { return versions.max { $0.key < $1.key }.map { ($0.key, $0.value) } }
            return Int(text).flatMap { number in versions[number].map { (number, $0) } }
        }
    }

    /// What stands in front of an answer's body.
    package enum Head: Equatable {
        case json
        /// Binary tensors follow a JSON text of that many bytes.
        case binary(jsonLength: Int)
    }

    private let models: [Model]
    private let server: String

    /// - Parameter server: the version of this program.
    package init(models: [Model], server: String) {
        self.models = models
        self.server = server
    }

    /// Answers a request below `/v2`.
    /// - Parameters:
    ///   - path: without the query.
    ///   - headerLength: the header `Inference-Header-Content-Length`.
    package func answer(
        method: String, path: String, headerLength: Int?, body: UnsafeBufferPointer<UInt8>,
        into buffer: inout AnswerBuffer
    ) throws(ScoringFault) -> Head {
        let parts = path.split(separator: "/").dropFirst().map(String.init)
        switch (method, parts.count) {
        case ("GET", 0): buffer.append(serverDocument.bytes)
        case ("GET", 2) where parts == ["health", "live"]:
            buffer.append(JSON.object(JSONObject([("live", true)])).bytes)
        case ("GET", 2) where parts == ["health", "ready"]:
            buffer.append(JSON.object(JSONObject([("ready", true)])).bytes)
        case (_, 2...) where parts[0] == "models":
            return try answer(method, ArraySlice(parts.dropFirst()), path, headerLength, body, into: &buffer)
        default: throw unknown(path)
        }
        return .json
    }

    private func unknown(_ path: String) -> ScoringFault {
        ScoringFault(.notFound, "There is no \(path); see /v2/models/\(models.first?.name ?? "").")
    }

    /// Below `/v2/models`: `{model}[/versions/{version}][/ready|/infer]`.
    private func answer(
        _ method: String, _ parts: ArraySlice<String>, _ path: String, _ headerLength: Int?,
        _ body: UnsafeBufferPointer<UInt8>, into buffer: inout AnswerBuffer
    ) throws(ScoringFault) -> Head {
        var rest = parts
        let name = rest.removeFirst()
        guard let model = models.first(where: { $0.name == name }) else {
            throw ScoringFault(
                .notFound, "There is no model \"\(name)\". There is: \(models.map(\.name).joined(separator: ", ")).")
        }
        var wanted: String?
        if rest.first == "versions", rest.count >= 2 {
            wanted = rest.dropFirst().first
            rest = rest.dropFirst(2)
        }
        guard let (number, loaded) = model.version(wanted) else {
            let all = model.versions.keys.sorted().map(String.init).joined(separator: ", ")
            throw ScoringFault(.notFound, "The model \"\(name)\" has no version \(wanted ?? ""). There is: \(all).")
        }
        switch (method, Array(rest)) {
        case ("GET", []): buffer.append(document(of: model, loaded).bytes)
        case ("GET", ["ready"]):
            buffer.append(JSON.object(JSONObject([("name", .string(name)), ("ready", true)])).bytes)
        case ("GET", ["config"]): buffer.append(configuration(of: model, loaded).bytes)
        case ("POST", ["infer"]):
            let request = try InferenceRequest(body, headerLength: headerLength, model: loaded)
            try loaded.scorer.score(loaded.inputs, into: loaded.outputs)
            let answer = InferenceAnswer(modelName: name, version: number, request: request)
            return try answer.write(loaded, into: &buffer).map { .binary(jsonLength: $0) } ?? .json
        default: throw unknown(path)
        }
        return .json
    }

    private var serverDocument: JSON {
        ["name": "lazuli", "version": .string(server), "extensions": ["binary_tensor_data", "model_configuration"]]
    }

    private func document(of model: Model, _ loaded: LoadedModel) -> JSON {
        [
            "name": .string(model.name),
            "versions": .array(model.versions.keys.sorted().map { .string(String($0)) }),
            "platform": .string(Self.platform(loaded)),
            "inputs": .array(loaded.scorer.inputs.map(\.metadata)),
            "outputs": .array(loaded.scorer.outputs.map(\.metadata)),
        ]
    }

    /// What Triton's configuration extension tells of a model.
    private func configuration(of model: Model, _ loaded: LoadedModel) -> JSON {
        [
            "name": .string(model.name), "platform": .string(Self.platform(loaded)), "max_batch_size": 0,
            "input": .array(loaded.scorer.inputs.map(\.configuration)),
            "output": .array(loaded.scorer.outputs.map(\.configuration)),
        ]
    }

    private static func platform(_ loaded: LoadedModel) -> String {
        switch loaded.scorer {
        case is LightGBMScorer: "lightgbm"
        case is XGBoostScorer: "xgboost"
        default: "onnxruntime_onnx"
        }
    }
}

extension TensorSpec {
    /// As the protocol's metadata describes a tensor.
    fileprivate var metadata: JSON {
        [
            "name": .string(name), "datatype": .string(type.protocolName), "shape": .array(shape.map { JSON($0) }),
        ]
    }

    fileprivate var configuration: JSON {
        [
            "name": .string(name), "data_type": .string("TYPE_\(type == .string ? "STRING" : type.protocolName)"),
            "dims": .array(shape.map { JSON($0) }),
        ]
    }
}
