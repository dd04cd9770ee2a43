import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// One client's connection, in bytes. For one task.
final class TestClient {
    struct Answer {
        /// From the status line to the last header line's CRLF.
        let head: String
        let body: String
        let status: Int

        /// By lower-case name.
        var headers: [String: String] {
            let lines = head.split(separator: "\r\n").dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].trimmingPrefix(" ")) : "")
            }
            return Dictionary(lines) { "\($0), \($1)" }
        }
    }

    struct Ended: Error {}

    private let channel: any Channel
    private let incoming: AsyncStream<ByteBuffer>
    private var received = ByteBuffer()

    init(port: Int, tls: Bool = false) async throws {
        let (incoming, input) = AsyncStream.makeStream(of: ByteBuffer.self)
        self.incoming = incoming
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.certificateVerification = .none
        let context = tls ? try NIOSSLContext(configuration: settings) : nil
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handlers = channel.pipeline.syncOperations
                    if let context {
                        try handlers.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    try handlers.addHandler(Collector(input))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }
    func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    /// Sends without waiting for the gateway to read it.
    func write(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

    /// Says that nothing more will be sent, and goes on reading.
    func finishSending() async throws { try await channel.close(mode: .output) }

    func close() async throws { try await channel.close() }

    func ask(_ text: String) async throws -> Answer {
        try await send(text)
        return try await answer()
    }

    /// The next answer.
    /// - Throws: `Ended` when the connection ends before it is whole.
    func answer(hasBody: Bool = true) async throws -> Answer {
        while true {
            if let answer = nextAnswer(hasBody) { return answer }
            guard await readMore() else { throw Ended() }
        }
    }

    /// All that comes until the connection ends.
    func rest() async -> String {
        while await readMore() {}
        return received.readString(length: received.readableBytes) ?? ""
    }

    private func readMore() async -> Bool {
        var iterator = incoming.makeAsyncIterator()
        guard var bytes = await iterator.next() else { return false }
        received.writeBuffer(&bytes)
        return true
    }

    /// Answers come by the thousands: only what is asked for becomes text.
    private func nextAnswer(_ hasBody: Bool) -> Answer? {
        guard let end = place(of: "\r\n\r\n") else { return nil }
        let start = received.readerIndex
        var length = 0
        if hasBody, let mark = place(of: "Content-Length: "), mark < end {
            let digits = received.viewBytes(at: start + mark + 16, length: end - mark - 16)?.prefix { $0 > 0x2F }
            length = digits.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        }
        guard received.readableBytes >= end + 4 + length else { return nil }
        let head = received.readString(length: end + 2) ?? ""
        received.moveReaderIndex(forwardBy: 2)
        let body = received.readString(length: length) ?? ""
        if received.readableBytes == 0 { received.clear() }
        return Answer(
            head: head, body: body, status: Int(head.utf8.dropFirst(9).prefix(3).reduce(0) { $0 * 10 + Int($1) - 48 }))
    }

    /// From the start of what was received and not read.
    private func place(of text: StaticString) -> Int? {
        let length = text.utf8CodeUnitCount
        return received.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var start = 0
            while start + length <= bytes.count,
                let first = memchr(base + start, Int32(text.utf8Start.pointee), bytes.count - start - length + 1)
            {
                start = UnsafeRawPointer(first) - base
                if memcmp(base + start, text.utf8Start, length) == 0 { return start }
                start += 1
            }
            return nil
        }
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let input: AsyncStream<ByteBuffer>.Continuation

    init(_ input: AsyncStream<ByteBuffer>.Continuation) { self.input = input }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { input.yield(unwrapInboundIn(data)) }
    func channelInactive(context: ChannelHandlerContext) { input.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
