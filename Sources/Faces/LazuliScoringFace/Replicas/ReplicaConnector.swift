import LazuliEndpoints
import NIOCore
import NIOPosix

/// Opens the gateway's connection to a replica.
enum ReplicaConnector {
    /// - Parameter done: gets the connection, or nil when nobody listens.
    static func connect(
        _ replica: ReplicaConnection, on loop: any EventLoop, done: @escaping (ReplicaConnection?) -> Void
    ) {
        let bound = NIOLoopBound((replica, done), eventLoop: loop)
        let path = replica.address.socket
        ClientBootstrap(group: loop)
            .channelOption(.maxMessagesPerRead, value: 4)
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 16_384, maximum: 1 << 20)
            )
            .channelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 4 << 20))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value.0)
                }
            }
            .connect(unixDomainSocketPath: path)
            .whenComplete { result in
                let (replica, done) = bound.value
                if case .success = result { done(replica) } else { done(nil) }
            }
    }
}
