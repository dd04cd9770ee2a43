import Foundation
import LazuliResources

/// Which blobs to list.
public struct BlobQuery: Sendable {
    /// The most that one page shows, as in the Blob service.
    public static let largestPage = 5000

    public var prefix: String
    /// Names that share what stands before this text, after the prefix, are shown as one.
    public var delimiter: String?
    /// The `nextMarker` of the page before.
    public var marker: String?
    public var limit: Int

    public init(
        prefix: String = "", delimiter: String? = nil, marker: String? = nil, limit: Int = BlobQuery.largestPage
    ) {
        self.prefix = prefix
        self.delimiter = delimiter
        self.marker = marker
        self.limit = limit
    }
}

/// A page of a listing.
public struct BlobPage: Sendable {
    public enum Item: Sendable, Equatable {
        case blob(name: String, BlobProperties)
        /// What several names have in common, with the delimiter at its end.
        case prefix(String)

        public var name: String {
            switch self {
            case .blob(let name, _), .prefix(let name): name
            }
        }
    }

    /// In the order of the names' UTF-8 bytes.
    public let items: [Item]
    /// Where the next page begins; nil on the last.
    public let nextMarker: String?
}

extension BlobStore {
    /// Lists the blobs of a container, page by page.
    ///
    /// Files whose names break the rules of `BlobName`, symbolic links and empty folders are not shown.
    /// - Throws: `notFound` if there is no such container.
    public func list(in container: ContainerAddress, _ query: BlobQuery = BlobQuery()) throws -> BlobPage {
        let folder = try folder(of: container)
        let limit = min(max(query.limit, 1), BlobQuery.largestPage)
        var walk = FolderWalk(prefix: query.prefix, from: query.marker ?? "")
        var items: [BlobPage.Item] = []
        var nextMarker: String?
        try walk.run(in: folder) { parent, fileName, key in
            let name = key.text
            if items.count == limit {
                nextMarker = group(of: name, query) ?? name
                return .stop
            }
            if let group = group(of: name, query) {
                items.append(.prefix(group))
                return ByteName(group).afterAllWithThisPrefix.map { .jump($0) } ?? .stop
            }
            guard let blobName = try? BlobName(name), let status = parent.status(of: fileName), status.kind == .file
            else { return .go }
            let record = sidecar(of: BlobAddress(in: container, name: blobName)).record(fitting: status)
            items.append(.blob(name: name, BlobProperties(of: blobName, status, record)))
            return .go
        }
        return BlobPage(items: items, nextMarker: nextMarker)
    }

    /// The prefix under which a name is shown, if the query groups it.
    private func group(of name: String, _ query: BlobQuery) -> String? {
        guard let delimiter = query.delimiter, !delimiter.isEmpty else { return nil }
        let rest = name.utf8.dropFirst(query.prefix.utf8.count)
        guard let range = Substring(rest).range(of: delimiter) else { return nil }
        return query.prefix + String(Substring(rest[..<range.upperBound]))
    }
}
