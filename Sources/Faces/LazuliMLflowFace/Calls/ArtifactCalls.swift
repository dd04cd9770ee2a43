import HTTPTypes
import Hummingbird
import LazuliResources
import LazuliTracking

/// Calls on artifacts: the proxy, and the calls that name a run or a model instead of a path.
enum ArtifactCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("GET", "2.0/mlflow-artifacts/artifacts", .readRuns, list),
        MLflowRow("GET", "2.0/mlflow-artifacts/artifacts/{path*}", .readRuns, download),
        MLflowRow("PUT", "2.0/mlflow-artifacts/artifacts/{path*}", .writeRuns, body: .raw, upload),
        MLflowRow("DELETE", "2.0/mlflow-artifacts/artifacts/{path*}", .writeRuns, body: .raw, delete),
        MLflowRow("GET", "2.0/mlflow/artifacts/list", .readRuns, listOfRun),
        MLflowRow("GET", "/get-artifact", .readRuns, downloadOfRun),
        MLflowRow("GET", "2.0/mlflow/get-artifact", .readRuns, downloadOfRun),
        MLflowRow("GET", "2.0/mlflow/logged-models/{model}/artifacts/directories", .readRuns, listOfModel),
        MLflowRow("GET", "2.0/mlflow/logged-models/{model}/artifacts/files", .readRuns, downloadOfModel),
    ]

    // MARK: The proxy

    private static func list(_ call: MLflowCall) async throws -> MLflowReply {
        let segments = try ArtifactPath.segments(call.fields.text("path") ?? "")
        let folder = ArtifactAddress.folder(ofProxyPath: segments)
        return reply(try await call.services.artifacts.list(folder, in: call.scope), prefix: "")
    }

    /// The file or folder that the path of the request means.
    private static func address(_ call: MLflowCall) throws -> String {
        let segments = try ArtifactPath.segments((call.places["path"] ?? []).joined(separator: "/"))
        guard !segments.isEmpty else { throw TrackingFault.invalid("Invalid path", target: "path") }
        return ArtifactAddress.folder(ofProxyPath: segments)
    }

    private static func download(_ call: MLflowCall) async throws -> MLflowReply {
        try await file(at: address(call), call)
    }

    private static func upload(_ call: MLflowCall) async throws -> MLflowReply {
        let target = try address(call)
        let upload = try await call.services.artifacts.upload(in: call.scope)
        try await ArtifactIntake.write(call.request.body, to: upload)
        try await call.services.artifacts.finish(upload, as: target, in: call.scope)
        return .response(Response(status: .ok))
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.artifacts.delete(address(call), in: call.scope)
        return .empty
    }

    // MARK: By run and by model

    private static func listOfRun(_ call: MLflowCall) async throws -> MLflowReply {
        let info = try await call.services.runs.info(call.fields.runID(), in: call.scope)
        let path = try ArtifactPath.segments(call.fields.text("path") ?? "")
        let folder = try folder(of: info.artifactURI, path)
        let entries = try await call.services.artifacts.list(folder, in: call.scope)
        return reply(entries, prefix: path.map { $0 + "/" }.joined(), root: info.artifactURI)
    }

    private static func downloadOfRun(_ call: MLflowCall) async throws -> MLflowReply {
        let info = try await call.services.runs.info(call.fields.runID(), in: call.scope)
        let path = try ArtifactPath.segments(call.fields.requiredText("path"))
        return try await file(at: folder(of: info.artifactURI, path), call)
    }

    private static func listOfModel(_ call: MLflowCall) async throws -> MLflowReply {
        let model = try await call.services.loggedModels.get(call.place("model"), in: call.scope)
        let path = try ArtifactPath.segments(call.fields.text("artifact_directory_path") ?? "")
        let entries = try await call.services.artifacts.list(folder(of: model.artifactURI, path), in: call.scope)
        return reply(entries, prefix: path.map { $0 + "/" }.joined(), root: model.artifactURI)
    }

    private static func downloadOfModel(_ call: MLflowCall) async throws -> MLflowReply {
        guard let name = try call.fields.filledText("artifact_file_path") else {
            throw ServiceError(
                TrackingFault.badRequest, "Request must include the \"artifact_file_path\" query parameter.")
        }
        let path = try ArtifactPath.segments(name)
        let model = try await call.services.loggedModels.get(call.place("model"), in: call.scope)
        return try await file(at: folder(of: model.artifactURI, path), call)
    }

    private static func folder(of uri: String, _ path: [String]) throws -> String {
        guard let folder = ArtifactAddress.folder(ofURI: uri) else {
            throw ServiceError(
                .notImplemented,
                "The artifacts are at \(uri), outside of this server. Read them with a client of that storage.")
        }
        return ([folder] + path).joined(separator: "/")
    }

    private static func file(at path: String, _ call: MLflowCall) async throws -> MLflowReply {
        let file = try await call.services.artifacts.open(path, in: call.scope)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return .response(ArtifactDownload.response(file, name: name, to: call.request))
    }

    private static func reply(_ entries: [ArtifactEntry], prefix: String, root: String? = nil) -> MLflowReply {
        .object { text in
            text.field("root_uri", root)
            text.field("files", list: entries) { text, entry in
                text.object {
                    $0.field("path", prefix + entry.name)
                    $0.field("is_dir", entry.isFolder)
                    if !entry.isFolder { $0.field("file_size", entry.size) }
                }
            }
        }
    }
}

/// Takes a body in, in pieces large enough that the disk is called seldom, and never more than one of them in memory.
enum ArtifactIntake {
    private static let piece = 1 << 20

    static func write(_ body: RequestBody, to upload: ArtifactUpload) async throws {
        var gathered = ByteBuffer()
        for try await buffer in body {
            gathered.writeImmutableBuffer(buffer)
            if gathered.readableBytes >= piece {
                try await flush(gathered, to: upload)
                gathered.clear()
            }
        }
        if gathered.readableBytes > 0 { try await flush(gathered, to: upload) }
    }

    private static func flush(_ buffer: ByteBuffer, to upload: ArtifactUpload) async throws {
        try await DiskQueue.run { try buffer.withUnsafeReadableBytes(upload.append) }
    }
}
