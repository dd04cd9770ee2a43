public import LazuliResources

/// A request before it has a connection.
public struct Request: Sendable {
    public var method: String
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    /// The path of a file whose bytes are the body, sent piece by piece.
    public var file: String?
    /// Seconds until the whole exchange must be over.
    public var timeout: Int

    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Int = 600
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// A whole answer.
public struct Answer: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The first header of this name, whichever case it is written in.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON; null when there is none.
    public func json() throws -> JSON {
        guard !body.isEmpty else { return .null }
        do {
            return try JSON(parsing: body)
        } catch {
            throw ServiceError(
                .malformedBody,
                "The server's answer is not JSON (line \(error.line): \(error.reason)). "
                    + "Is the address that of a Lazuli server?")
        }
    }
}
