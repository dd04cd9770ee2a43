import Foundation
import LazuliResources
import HTTPTypes
import Hummingbird

/// Answers with a file, or with the part of it that the request asks for, a piece at a time.
enum ArtifactDownload {
    private static let piece = 1 << 20

    static func response(_ file: ArtifactFile, name: String, to request: Request) -> Response {
        var headers: HTTPFields = [
            .contentType: MediaType.of(name),
            .contentDisposition: disposition(name),
            .acceptRanges: "bytes",
            .eTag: file.etag,
        ]
        headers[.xContentTypeOptions] = "nosniff"
        if request.headers[.ifNoneMatch] == file.etag { return Response(status: .notModified, headers: headers) }
        let ifRange = request.headers[.ifRange]
        let range = ifRange == nil || ifRange == file.etag ? request.headers[.range] : nil
        switch ByteRange(range, size: file.size) {
        case .whole:
            return Response(status: .ok, headers: headers, body: body(file, 0..<file.size))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.size)"
            return Response(status: .partialContent, headers: headers, body: body(file, part))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(file.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private static func body(_ file: ArtifactFile, _ range: Range<Int64>) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            var offset = range.lowerBound
            while offset < range.upperBound {
                let count = min(piece, Int(range.upperBound - offset)), start = offset
                let bytes = try await DiskQueue.run { try file.read(at: start, count: count) }
                guard !bytes.isEmpty else { throw DiskFault.error("read an artifact that became shorter", errno: EIO) }
                try await writer.write(ByteBuffer(bytes: bytes))
                offset += Int64(bytes.count)
            }
            try await writer.finish(nil)
        }
    }

    /// RFC 6266: names beyond ASCII go in the extended form.
    private static func disposition(_ name: String) -> String {
        if name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            let needsQuotes = name.utf8.contains { !isToken($0) }
            return "attachment; filename=" + (needsQuotes ? "\"\(name)\"" : name)
        }
        let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: ".-_~"))
        let escaped = name.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
        return "attachment; filename*=UTF-8''\(escaped)"
    }

    /// Whether a byte may stand in a token. Source: RFC 9110 section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension HTTPField.Name {
    static let xContentTypeOptions = HTTPField.Name("X-Content-Type-Options") ?? .contentType
}
