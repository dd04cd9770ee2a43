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
        MLflowRow("POST", "2.0/mlflow/upload-artifact", .writeRuns, body: .raw, uploadToRun),
        MLflowRow("GET", "/model-versions/get-artifact", .readModels, downloadOfVersion),
        MLflowRow("GET", "2.0/mlflow/logged-models/{model}/artifacts/directories", .readRuns, listOfModel),
        MLflowRow("GET", "2.0/mlflow/logged-models/{model}/artifacts/files", .readRuns, downloadOfModel),
    ]

    // MARK: The proxy

    private static func list(_ call: MLflowCall) async throws -> MLflowReply {
        let segments = try ArtifactPath.segments(call.fields.text("path") ?? "")
        let place = ArtifactPlace(proxyPath: segments)
        let spot = try await call.services.artifacts.spot(of: place, in: call.scope)
        let entries = try await call.services.artifacts.list(spot)
        guard case .folder(let folder) = place, call.request.headers[.mlflowClientVersion] != nil else {
            return reply(entries, prefix: "")
        }
        return reply(try await withoutModels(entries, in: folder, call), prefix: "")
    }

    /// Clients from 3.0 on list the files of a run's logged models by themselves, next to the run's: to them the run's
    /// list leaves these out, or they would see each file twice.
    private static func withoutModels(
        _ entries: [ArtifactEntry], in folder: String, _ call: MLflowCall
    ) async throws -> [ArtifactEntry] {
        let parts = folder.split(separator: "/").map(String.init)
        let above = parts.indices.dropFirst(2).map { parts[...$0].joined(separator: "/") }
        let inside = entries.filter(\.isFolder).map { folder + "/" + $0.name }
        let models = try await call.services.artifacts.directory.modelFolders(among: above + inside, in: call.scope)
        if !models.isDisjoint(with: above) { return [] }
        return entries.filter { !models.contains(folder + "/" + $0.name) }
    }

    /// The file or folder that the path of the request means; never the root of all.
    private static func spot(_ call: MLflowCall) async throws -> ArtifactSpot {
        let segments = try ArtifactPath.segments((call.places["path"] ?? []).joined(separator: "/"))
        guard !segments.isEmpty else { throw TrackingFault.invalid("Invalid path", target: "path") }
        return try await call.services.artifacts.spot(of: ArtifactPlace(proxyPath: segments), in: call.scope)
    }

    private static func download(_ call: MLflowCall) async throws -> MLflowReply {
        try await file(at: spot(call), call)
    }

    private static func upload(_ call: MLflowCall) async throws -> MLflowReply {
        let target = try await spot(call), artifacts = call.services.artifacts
        let upload = try await artifacts.upload(in: call.scope)
        try await ArtifactIntake.write(call.request.body, to: upload)
        try await artifacts.finish(upload, at: target)
        return .response(Response(status: .ok))
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.artifacts.delete(spot(call))
        return .empty
    }

    // MARK: By run and by model

    private static func listOfRun(_ call: MLflowCall) async throws -> MLflowReply {
        _ = try ArtifactPath.segments(call.fields.text("path") ?? "")
        let info = try await call.services.runs.info(call.fields.runID(), in: call.scope)
        return try await list(info.artifactURI, call.fields.text("path") ?? "", call)
    }

    private static func downloadOfRun(_ call: MLflowCall) async throws -> MLflowReply {
        _ = try ArtifactPath.segments(call.fields.requiredText("path"))
        let info = try await call.services.runs.info(call.fields.runID(), in: call.scope)
        return try await file(info.artifactURI, call.fields.requiredText("path"), call)
    }

    /// What MLflow's page sends when a file is dropped on a run.
    private static func uploadToRun(_ call: MLflowCall) async throws -> MLflowReply {
        guard let runID = try call.fields.filledText("run_uuid") else {
            throw TrackingFault.invalid("Request must specify run_uuid.", target: "run_uuid")
        }
        guard let path = try call.fields.filledText("path") else {
            throw TrackingFault.invalid("Request must specify path.", target: "path")
        }
        let segments = try ArtifactPath.segments(path)
        let length = call.request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= largestPageUpload else {
            throw TrackingFault.invalid("Artifact size is too large. Max size is \(largestPageUpload >> 20)MB.")
        }
        let body = try await call.request.body.collect(upTo: largestPageUpload)
        guard body.readableBytes > 0 else { throw TrackingFault.invalid("Request must specify data.") }
        let info = try await call.services.runs.info(runID, in: call.scope), artifacts = call.services.artifacts
        let target = try await artifacts.spot(ofURI: info.artifactURI, path: segments, in: call.scope)
        let upload = try await artifacts.upload(in: call.scope)
        try await ArtifactIntake.write(.init(buffer: body), to: upload)
        try await artifacts.finish(upload, at: target)
        return .empty
    }

    private static let largestPageUpload = 10 << 20

    private static func listOfModel(_ call: MLflowCall) async throws -> MLflowReply {
        let model = try await call.services.loggedModels.get(call.place("model"), in: call.scope)
        return try await list(model.artifactURI, call.fields.text("artifact_directory_path") ?? "", call)
    }

    private static func downloadOfModel(_ call: MLflowCall) async throws -> MLflowReply {
        guard let path = try call.fields.filledText("artifact_file_path") else {
            throw ServiceError(
                TrackingFault.badRequest, "Request must include the \"artifact_file_path\" query parameter.")
        }
        let model = try await call.services.loggedModels.get(call.place("model"), in: call.scope)
        return try await file(model.artifactURI, path, call)
    }

    private static func downloadOfVersion(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("name"), version = try call.fields.requiredText("version")
        _ = try ArtifactPath.segments(call.fields.requiredText("path"))
        let found = try await call.services.registry.version(version, of: name, in: call.scope)
        return try await file(found.downloadURI, call.fields.requiredText("path"), call)
    }

    private static func list(_ uri: String, _ path: String, _ call: MLflowCall) async throws -> MLflowReply {
        let segments = try ArtifactPath.segments(path)
        let spot = try await call.services.artifacts.spot(ofURI: uri, path: segments, in: call.scope)
        let entries = try await call.services.artifacts.list(spot)
        return reply(entries, prefix: segments.map { $0 + "/" }.joined(), root: uri)
    }

    private static func file(_ uri: String, _ path: String, _ call: MLflowCall) async throws -> MLflowReply {
        let segments = try ArtifactPath.segments(path)
        return try await file(at: call.services.artifacts.spot(ofURI: uri, path: segments, in: call.scope), call)
    }

    private static func file(at spot: ArtifactSpot, _ call: MLflowCall) async throws -> MLflowReply {
        let file = try await call.services.artifacts.open(spot)
        return .response(ArtifactDownload.response(file, name: spot.name, to: call.request))
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

    /// The same with a writer that takes bytes and their place in the body.
    /// - Returns: the body's size.
    static func write(
        _ body: RequestBody, with writer: @escaping @Sendable (UnsafeRawBufferPointer, Int64) throws -> Void
    ) async throws -> Int64 {
        var gathered = ByteBuffer(), done: Int64 = 0
        for try await buffer in body {
            gathered.writeImmutableBuffer(buffer)
            if gathered.readableBytes >= piece {
                done += try await flush(gathered, at: done, with: writer)
                gathered.clear()
            }
        }
        return try await done + flush(gathered, at: done, with: writer)
    }

    private static func flush(
        _ buffer: ByteBuffer, at offset: Int64,
        with writer: @escaping @Sendable (UnsafeRawBufferPointer, Int64) throws -> Void
    ) async throws -> Int64 {
        try await DiskQueue.run { try buffer.withUnsafeReadableBytes { try writer($0, offset) } }
        return Int64(buffer.readableBytes)
    }

    private static func flush(_ buffer: ByteBuffer, to upload: ArtifactUpload) async throws {
        try await DiskQueue.run { try buffer.withUnsafeReadableBytes(upload.append) }
    }
}

extension HTTPField.Name {
    static let mlflowClientVersion = HTTPField.Name("X-MLflow-Client-Version") ?? .userAgent
}
