import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources

extension BlobFace {
    static func badItem(_ name: String, _ value: String, _ expected: String) -> ServiceError {
        ServiceError(
            .invalidArgument, "The query item \(name) is \"\(value.prefix(80))\" and should be \(expected).",
            target: name, cause: "InvalidQueryParameterValue")
    }

    func createContainer(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.containerAddress(grant.account)
        if request.header("x-ms-blob-public-access") != nil {
            throw ServiceError(
                .notImplemented, "Containers open to everybody are not offered. Leave out public access.")
        }
        if try !request.metadata().isEmpty {
            throw ServiceError(.notImplemented, "Metadata of containers is not kept. Leave it out.")
        }
        let properties = try await DiskQueue.run { [store] in
            guard try store.createContainer(address) else {
                throw ServiceError(
                    .conflict, "Account \(address.account) has a container named \(address.container) already.",
                    target: address.container, cause: "ContainerAlreadyExists")
            }
            return try store.properties(of: address)
        }
        return Response(status: .created, headers: BlobHeaders.container(properties))
    }

    func deleteContainer(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.containerAddress(grant.account)
        try await DiskQueue.run { [store] in try store.deleteContainer(address) }
        return Response(status: .accepted)
    }

    func containerProperties(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.containerAddress(grant.account)
        let properties = try await DiskQueue.run { [store] in try store.properties(of: address) }
        return Response(status: .ok, headers: BlobHeaders.container(properties))
    }

    func listBlobs(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.containerAddress(grant.account)
        let included = Set((request.item("include") ?? "").split(separator: ",").map(String.init))
        let known: Set<String> = ["metadata", "uncommittedblobs", "copy", "tags", "deleted", "snapshots", "versions"]
        if let other = included.subtracting(known).first { throw Self.badItem("include", other, "a known part") }
        let query = BlobQuery(
            prefix: request.item("prefix") ?? "", delimiter: request.item("delimiter"), marker: request.item("marker"),
            limit: try pageSize(request))
        let page = try await DiskQueue.run { [store] in try store.list(in: address, query) }
        let attributes = [("ServiceEndpoint", "https://\(request.host)/"), ("ContainerName", address.container)]
        var document = XMLText()
        document.element("EnumerationResults", attributes: attributes) { xml in
            for tag in ["Prefix", "Marker", "MaxResults", "Delimiter"] {
                xml.element(tag, request.item(tag.lowercased()))
            }
            xml.element("Blobs") { xml in
                for item in page.items { Self.write(item, metadata: included.contains("metadata"), to: &xml) }
            }
            xml.element("NextMarker", page.nextMarker ?? "")
        }
        return xml(document)
    }

    private static func write(_ item: BlobPage.Item, metadata: Bool, to xml: inout XMLText) {
        switch item {
        case .prefix(let name):
            xml.element("BlobPrefix") { $0.element("Name", name) }
        case .blob(let name, let blob):
            xml.element("Blob") { xml in
                xml.element("Name", name)
                xml.element("Properties") { write(blob, to: &$0) }
                guard metadata else { return }
                xml.element("Metadata") { xml in
                    for (key, value) in blob.metadata.sorted(by: { $0.key < $1.key }) { xml.element(key, value) }
                }
            }
        }
    }

    private static func write(_ blob: BlobProperties, to xml: inout XMLText) {
        xml.element("Creation-Time", HTTPDate.text(blob.createdAt))
        xml.element("Last-Modified", HTTPDate.text(blob.lastModified))
        xml.element("Etag", blob.etag.filter { $0 != "\"" })
        xml.element("Content-Length", String(blob.size))
        xml.element("Content-Type", blob.contentType)
        xml.element("Content-Encoding", blob.settings.encoding)
        xml.element("Content-Language", blob.settings.language)
        xml.element("Content-Disposition", blob.settings.disposition)
        xml.element("Cache-Control", blob.settings.cacheControl)
        xml.element("Content-MD5", blob.settings.md5)
        xml.element("BlobType", blob.kind.rawValue)
        xml.element("LeaseStatus", "unlocked")
        xml.element("LeaseState", "available")
    }
}
