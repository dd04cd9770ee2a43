import HTTPTypes
import Hummingbird
import LazuliResources
import LazuliTracking

/// Uploads of large files in parts, which clients send side by side.
enum MultipartCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow-artifacts/mpu/create/{path*}", .writeRuns, create),
        MLflowRow("POST", "2.0/mlflow-artifacts/mpu/complete/{path*}", .writeRuns, complete),
        MLflowRow("POST", "2.0/mlflow-artifacts/mpu/abort/{path*}", .writeRuns, abort),
        // The signature in the address is the permission.
        MLflowRow("PUT", partPath + "{upload}/{part}", .none, body: .raw, writePart),
    ]

    /// Below `/api/`.
    static let partPath = "2.0/mlflow-artifacts/mpu/parts/"

    /// The file that the address and the member `path` name together.
    private static func target(_ call: MLflowCall) throws -> MultipartUpload.Target {
        let folder = (call.places["path"] ?? []).joined(separator: "/")
        // Clients send the path of the file on their own disk; its name is what counts.
        let sent = try call.fields.requiredText("path")
        let name = sent.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let segments = try ArtifactPath.segments(folder + "/" + name)
        guard segments.count > 1 else { throw TrackingFault.invalid("Invalid path", target: "path") }
        return MultipartUpload.Target(scope: call.scope, path: segments)
    }

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let target = try target(call), artifacts = call.services.artifacts
        let parts = Int(try call.fields.requiredInteger("num_parts"))
        guard (1...MultipartUploads.mostParts).contains(parts) else {
            throw TrackingFault.invalid(
                "num_parts must be between 1 and \(MultipartUploads.mostParts), got \(parts). Send larger parts: "
                    + "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE.", target: "num_parts")
        }
        let spot = try await artifacts.spot(of: ArtifactPlace(proxyPath: target.path), in: call.scope)
        try ArtifactStore.requireWritable(spot)
        let now = call.services.clock.now()
        let upload = MultipartUpload(
            target, parts: parts, begunAt: now, file: try await artifacts.upload(in: call.scope),
            tail: try await artifacts.upload(in: call.scope))
        let id = call.services.multipart.begin(upload), expiry = now / 1000 + PartSignature.lifetime
        let address = try address(call) + partPath + id + "/"
        return .object { text in
            text.field("upload_id", id)
            text.field("credentials", list: Array(1...parts)) { text, part in
                let query = call.services.signature.query(upload: id, part: part, expiry: expiry)
                text.object {
                    $0.field("url", "\(address)\(part)?\(query)")
                    $0.field("part_number", Int64(part))
                }
            }
        }
    }

    /// The server as the client called it, up to and with `/api/`.
    private static func address(_ call: MLflowCall) throws -> String {
        guard let host = call.request.head.authority, !host.isEmpty else {
            throw TrackingFault.invalid("The request names no host. Send the header Host.")
        }
        let path = call.request.uri.path
        let mount = path.firstRange(of: "2.0/mlflow-artifacts/").map { String(path[..<$0.lowerBound]) } ?? "/api/"
        return "\(call.scheme)://\(host)\(mount)"
    }

    private static func writePart(_ call: MLflowCall) async throws -> MLflowReply {
        let id = call.place("upload"), now = call.services.clock.now() / 1000
        guard let part = Int(call.place("part")), let expiry = try call.fields.integer("expires") else {
            throw ServiceError(.forbidden, "The address of this part is not one that the server gave.")
        }
        try call.services.signature.check(
            call.fields.text("signature") ?? "", upload: id, part: part, expiry: expiry, now: now)
        let upload = try call.services.multipart.find(id)
        guard let size = call.request.headers[.contentLength].flatMap({ Int64($0) }), size >= 0 else {
            throw TrackingFault.invalid("A part needs the header Content-Length.")
        }
        let write = try upload.writer(ofPart: part, size: size)
        let done = try await ArtifactIntake.write(call.request.body, with: write)
        guard done == size else {
            throw TrackingFault.invalid("Part \(part) ended after \(done) of \(size) bytes. Send it again.")
        }
        upload.note(part: part, size: size)
        return .response(Response(status: .ok, headers: [.eTag: "\"\(part)-\(size)\""]))
    }

    private static func complete(_ call: MLflowCall) async throws -> MLflowReply {
        let target = try target(call), id = try call.fields.requiredText("upload_id")
        let upload = try call.services.multipart.find(id, for: target), artifacts = call.services.artifacts
        let spot = try await artifacts.spot(of: ArtifactPlace(proxyPath: target.path), in: call.scope)
        let whole = try await DiskQueue.run { try upload.whole() }
        try await artifacts.finish(whole, at: spot)
        call.services.multipart.end(id)
        return .empty
    }

    private static func abort(_ call: MLflowCall) async throws -> MLflowReply {
        let id = try call.fields.requiredText("upload_id")
        _ = try call.services.multipart.find(id, for: target(call))
        call.services.multipart.end(id)
        return .empty
    }
}
