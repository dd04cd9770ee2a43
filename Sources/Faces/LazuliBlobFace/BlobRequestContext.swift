public import Hummingbird
import Logging
import NIOCore

/// What the blob face knows of a connection.
public struct BlobRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The client's IP address; signatures can be bound to one.
    public let clientAddress: String?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        clientAddress = source.channel.remoteAddress?.ipAddress
    }
}
