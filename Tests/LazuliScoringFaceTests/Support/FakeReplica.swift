import Foundation
import LazuliEndpoints
import NIOCore
import NIOPosix

/// A model host of the test's making: speaks the frames and does with each request what the test says.
///
/// All that changes is touched on its event loop alone.
final class FakeReplica: @unchecked Sendable {
    struct Request: Sendable {
        let id: UInt32
        let kind: UInt8
        let head: String
        let body: String
        /// How many came before it, on whatever connection.
        let number: Int
    }

    enum Deed: Sendable {
        case answer(status: Int = 200, head: String = "", body: String = "[]")
        /// Keeps it until `release`.
        case hold
        /// Says that it works on the request, and never answers.
        case hang
        /// Ends at work on a request; nil: on none.
        case die(at: UInt32?)
        /// Answers with what is no frame.
        case babble
    }

    let address: ReplicaAddress
    /// The requests as they come in; for one reader.
    let arrivals: AsyncStream<Request>
    private let input: AsyncStream<Request>.Continuation
    private let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    private let deed: @Sendable (Request) -> Deed
    private let progress: FileHandle
    private var server: (any Channel)?
    private var connections: [ObjectIdentifier: any Channel] = [:]
    private var held: [(any Channel, Request)] = []
    private var count = 0
    private var isReleased = false

    private init(_ name: String, _ folder: URL, _ deed: @escaping @Sendable (Request) -> Deed) throws {
        address = ReplicaAddress(
            id: name, socket: folder.appending(path: "\(name).sock").path,
            progress: folder.appending(path: "\(name).progress").path)
        self.deed = deed
        (arrivals, input) = AsyncStream.makeStream()
        try Data(count: 64).write(to: URL(filePath: address.progress))
        progress = try FileHandle(forUpdating: URL(filePath: address.progress))
    }

    static func start(
        _ name: String, in folder: URL, _ deed: @escaping @Sendable (Request) -> Deed = { _ in .answer() }
    ) async throws -> FakeReplica {
        let replica = try FakeReplica(name, folder, deed)
        let server = try await ServerBootstrap(group: replica.loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    replica.connections[ObjectIdentifier(channel)] = channel
                    try channel.pipeline.syncOperations.addHandler(Frames(replica))
                }
            }
            .bind(unixDomainSocketPath: replica.address.socket).get()
        try await replica.loop.submit { replica.server = server }.get()
        return replica
    }

    /// Answers what is held, and at once what comes.
    func release() async throws {
        try await loop.submit {
            self.isReleased = true
            for (channel, request) in self.held { self.write(.answer(), to: request, channel) }
            self.held = []
        }.get()
    }

    /// Ends as a killed process does: nothing listens and no connection is left.
    func end() async throws { try await loop.submit { self.endNow() }.get() }

    private func endNow() {
        server?.close(promise: nil)
        for connection in connections.values { connection.close(promise: nil) }
        input.finish()
    }

    // MARK: - Requests

    fileprivate func take(_ id: UInt32, _ kind: UInt8, _ head: String, _ body: String, on channel: any Channel) {
        let request = Request(id: id, kind: kind, head: head, body: body, number: count)
        count += 1
        let deed = deed(request)
        switch deed {
        case .hold where !isReleased: held.append((channel, request))
        case .hang: work(on: id)
        case .die(let id):
            if let id { work(on: id) }
            endNow()
        default: write(deed, to: request, channel)
        }
        input.yield(request)
    }

    fileprivate func closed(_ channel: any Channel) { connections[ObjectIdentifier(channel)] = nil }

    private func work(on id: UInt32) {
        var bytes = ByteBuffer()
        bytes.writeMultipleIntegers(UInt64(id) + 1, NIODeadline.now().uptimeNanoseconds, endianness: .little)
        try? progress.seek(toOffset: 0)
        try? progress.write(contentsOf: Data(bytes.readableBytesView))
    }

    private func write(_ deed: Deed, to request: Request, _ channel: any Channel) {
        var bytes = ByteBuffer()
        if case .babble = deed {
            bytes.writeRepeatingByte(0, count: 16)
        } else {
            var (status, head, body) = (200, "", "[]")
            if case .answer(let givenStatus, let givenHead, let givenBody) = deed {
                (status, head, body) = (givenStatus, givenHead, givenBody)
            }
            bytes.writeMultipleIntegers(
                UInt32(12 + head.utf8.count + body.utf8.count), request.id, UInt16(status), UInt16(0),
                UInt32(head.utf8.count), endianness: .little)
            bytes.writeString(head + body)
        }
        channel.writeAndFlush(bytes, promise: nil)
    }
}

private final class Frames: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let replica: FakeReplica
    private var incoming = ByteBuffer()

    init(_ replica: FakeReplica) { self.replica = replica }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        incoming.writeBuffer(&bytes)
        while let length: UInt32 = incoming.getInteger(at: incoming.readerIndex, endianness: .little),
            incoming.readableBytes >= 4 + Int(length)
        {
            incoming.moveReaderIndex(forwardBy: 4)
            guard
                let (id, kind, _, _, head) = incoming.readMultipleIntegers(
                    endianness: .little, as: (UInt32, UInt8, UInt8, UInt16, UInt32).self),
                let text = incoming.readString(length: Int(head)),
                let body = incoming.readString(length: Int(length) - 12 - Int(head))
            else { return context.close(promise: nil) }
            replica.take(id, kind, text, body, on: context.channel)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { replica.closed(context.channel) }
}
