import AsyncHTTPClient
import Foundation
import LazuliResources
import NIOCore
import NIOHTTP1
import NIOSSL

/// The one HTTP client of a command. It trusts the server's own certificate authority and nothing else is special.
public final class Transport: Sendable {
    private let client: HTTPClient
    private let remedy: String

    public init(profile: Profile) throws {
        remedy = profile.remedy
        var tls = TLSConfiguration.makeClientConfiguration()
        if let bundle = profile.certificateAuthority {
            guard FileManager.default.isReadableFile(atPath: bundle) else {
                throw ServiceError(
                    .notFound, "The certificate file \(bundle) cannot be read. Copy it from the server's state folder.")
            }
            tls.trustRoots = .file(bundle)
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.timeout.connect = .seconds(10)
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(configuration: configuration)
    }

    /// Ends all connections. A transport is of no use afterwards.
    public func close() async { try? await client.shutdown() }

    /// One request and its whole answer, whatever its status.
    public func send(_ request: Request) async throws -> Answer {
        let response = try await open(request)
        let body = try await response.body.collect(upTo: 1 << 30)
        return Answer(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }

    /// One request whose answer is read piece by piece: `take` gets each piece in order.
    func stream(_ request: Request, take: (ByteBuffer) async throws -> Void) async throws -> Answer {
        let response = try await open(request)
        var answer = Answer(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }, body: [])
        guard answer.isSuccess else {
            answer.body = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
            return answer
        }
        for try await piece in response.body { try await take(piece) }
        return answer
    }

    /// One request whose answer becomes a file.
    public func download(_ request: Request, to path: String) async throws -> Answer {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw ServiceError(.internalError, "\(path) cannot be written.") }
        defer { try? file.close() }
        return try await stream(request) { try file.write(contentsOf: Data($0.readableBytesView)) }
    }

    private func open(_ request: Request) async throws -> HTTPClientResponse {
        var wire = HTTPClientRequest(url: request.url)
        wire.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { wire.headers.add(name: name, value: value) }
        if let body = request.body { wire.body = .bytes(ByteBuffer(bytes: body)) }
        if let file = request.file {
            let pieces = try FilePieces(path: file)
            wire.body = .stream(pieces, length: .known(pieces.size))
        }
        do {
            return try await client.execute(wire, timeout: .seconds(Int64(request.timeout)))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw unreachable(request.url, error)
        }
    }

    private func unreachable(_ url: String, _ error: any Error) -> ServiceError {
        let host = URL(string: url).map { "\($0.host ?? "?"):\($0.port ?? 443)" } ?? url
        if "\(error)".contains("CERTIFICATE_VERIFY_FAILED") {
            return ServiceError(
                .unauthenticated,
                "The certificate of \(host) is not signed by the authority this client knows. "
                    + "Point LAZULI_CA at the server's bundle (ca/ in its state folder).", cause: "\(error)")
        }
        return ServiceError(
            ServiceError.Code(rawValue: "ServerUnreachable"),
            "The Lazuli server at \(host) does not answer. \(remedy)", cause: "\(error)")
    }
}
