import Foundation

/// A Triton model repository, or one model of it: `<model>/config.pbtxt` and `<model>/<version>/model.onnx`.
///
/// Source: Triton Inference Server, user guide, "Model Repository" and "Model Configuration".
struct TritonRepository {
    let models: [NativeModel.Served]

    /// - Returns: nil if the folder has not that layout.
    /// - Throws: `ScoringFault` for a model that cannot be served, with the reason.
    init?(_ folder: String) throws(ScoringFault) {
        if Self.isModel(folder) {
            models = [try TritonModel(folder: folder).served()]
            return
        }
        let inner = NativeModel.names(in: folder).map { "\(folder)/\($0)" }.filter(NativeModel.isFolder)
        let found = inner.filter(Self.isModel)
        guard !found.isEmpty else {
            // An archive often holds one folder that holds the repository.
            guard inner.count == 1, let nested = try TritonRepository(inner[0]) else { return nil }
            self = nested
            return
        }
        var served: [NativeModel.Served] = []
        for folder in found { served.append(try TritonModel(folder: folder).served()) }
        models = served
    }

    private static func isModel(_ folder: String) -> Bool {
        NativeModel.exists("\(folder)/\(TritonModel.configurationName)")
            || TritonModel.versions(in: folder).contains { NativeModel.exists("\(folder)/\($0)/model.onnx") }
    }
}

/// One model of a repository.
struct TritonModel {
    static let configurationName = "config.pbtxt"
    private let folder: String
    private let configuration: TextMessage

    init(folder: String) throws(ScoringFault) {
        self.folder = folder
        let path = "\(folder)/\(Self.configurationName)"
        // For ONNX, Triton completes a missing configuration from the model.
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        do {
            configuration = try TextMessage(parsing: text)
        } catch {
            throw ScoringFault(.failed, "\(path), line \(error.line), is not in the text form of protocol buffers.")
        }
    }

    private var name: String { configuration.scalar("name") ?? (folder as NSString).lastPathComponent }

    /// The numbered folders, lowest first.
    static func versions(in folder: String) -> [Int] {
        NativeModel.names(in: folder).compactMap { Int($0) }.filter { $0 > 0 }.sorted()
    }

    func served() throws(ScoringFault) -> NativeModel.Served {
        try checkBackend()
        let chosen = chosenVersions
        guard !chosen.isEmpty else {
            throw ScoringFault(.failed, "The Triton model \"\(name)\" has no numbered version folder in \(folder).")
        }
        let file = configuration.scalar("default_model_filename") ?? "model.onnx"
        var versions: [Int: NativeModel.Description] = [:]
        for version in chosen {
            let path = "\(folder)/\(version)/\(file)"
            guard NativeModel.exists(path) else {
                throw ScoringFault(.failed, "Version \(version) of the Triton model \"\(name)\" has no file \(file).")
            }
            let description = try NativeModel.onnx(path, signature: nil, form: .values)
            try checkTensors(path)
            versions[version] = description
        }
        return NativeModel.Served(name: name, versions: versions)
    }

    private func checkBackend() throws(ScoringFault) {
        let platform = configuration.scalar("platform"), backend = configuration.scalar("backend")
        let isOnnx = platform.map { $0 == "onnxruntime_onnx" } ?? backend.map { $0 == "onnxruntime" } ?? true
        guard !isOnnx else { return }
        throw ScoringFault(
            .failed,
            "The Triton model \"\(name)\" is for the backend \"\(platform ?? backend ?? "")\"; "
                + "served are ONNX models: platform \"onnxruntime_onnx\" or backend \"onnxruntime\".")
    }

    /// As the version policy says; without one, the highest alone.
    private var chosenVersions: [Int] {
        let all = Self.versions(in: folder)
        guard let policy = configuration.messages("version_policy").last else { return all.suffix(1) }
        if let specific = policy.messages("specific").last {
            return all.filter(specific.scalars("versions").compactMap { Int($0) }.contains)
        }
        if let latest = policy.messages("latest").last {
            return all.suffix(latest.scalar("num_versions").flatMap { Int($0) } ?? 1)
        }
        return all
    }

    /// Each input and output of the configuration is one of the graph, of the same type.
    private func checkTensors(_ path: String) throws(ScoringFault) {
        let file = try MappedFile(path)
        guard let graph = try? OnnxGraph(parsing: file.bytes) else { return }
        for (field, tensors) in [("input", graph.inputs), ("output", graph.outputs)] {
            for declared in configuration.messages(field) {
                let tensorName = declared.scalar("name") ?? ""
                guard
                    let tensor = tensors.first(where: {
                        $0.name == tensorName || graph.maps[$0.name]?.name == tensorName
                    })
                else {
                    throw ScoringFault(
                        .failed,
                        "The configuration of \"\(name)\" has an \(field) \"\(tensorName)\", and the graph has: "
                            + "\(tensors.map(\.name).joined(separator: ", ")).")
                }
                let type = declared.scalar("data_type") ?? ""
                let wanted = "TYPE_\(tensor.type == .string ? "STRING" : tensor.type.protocolName)"
                guard type == wanted else {
                    throw ScoringFault(
                        .failed,
                        "The configuration of \"\(name)\" says that \"\(tensorName)\" is \(type); in the graph it is \(wanted)."
                    )
                }
            }
        }
    }
}
