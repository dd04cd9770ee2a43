import Foundation
import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources
import NIOCore

extension BlobFace {
    func putBlock(_ request: BlobRequest, _ grant: Grant, _ body: RequestBody) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let block = try BlockID(request.item("blockid") ?? "")
        let writer = try await IncomingContent(request: request, body: body).write(to: address, in: store)
        try await DiskQueue.run { try writer.commitBlock(block) }
        var headers = HTTPFields()
        headers.set("Content-MD5", request.header("content-md5"))
        headers.set("x-ms-request-server-encrypted", "false")
        return Response(status: .created, headers: headers)
    }

    func putBlockList(_ request: BlobRequest, _ grant: Grant, _ body: RequestBody) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let list = try BlockListBody.parse(try await text(of: body))
        let description = BlobDescription(settings: request.settings, metadata: try request.metadata())
        let conditions = try await self.conditions(request, grant, .putBlockList, address)
        let blob = try await DiskQueue.run { [store] in
            try store.commitBlocks(list, of: address, as: description, conditions: conditions)
        }
        return created(blob)
    }

    private func text(of body: RequestBody) async throws -> String {
        var whole = ByteBuffer()
        for try await var part in body {
            guard whole.readableBytes + part.readableBytes <= BlockListBody.largestBody else {
                throw ServiceError(.tooLarge, "A block list may have \(BlockListBody.largestBody >> 20) MiB.")
            }
            whole.writeBuffer(&part)
        }
        return String(buffer: whole)
    }

    func blockList(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let kind = request.item("blocklisttype")?.lowercased() ?? "committed"
        guard ["committed", "uncommitted", "all"].contains(kind) else {
            throw Self.badItem("blocklisttype", kind, "committed, uncommitted or all")
        }
        let found = try await DiskQueue.run { [store] in try store.blocks(of: address) }
        var document = XMLText()
        document.element("BlockList") { xml in
            if kind != "uncommitted" { Self.write("CommittedBlocks", found.committed, to: &xml) }
            if kind != "committed" { Self.write("UncommittedBlocks", found.uncommitted, to: &xml) }
        }
        var headers = found.properties.map(BlobHeaders.version) ?? HTTPFields()
        headers.set("x-ms-blob-content-length", found.properties.map { String($0.size) } ?? "0")
        return xml(document, headers: headers)
    }

    private static func write(_ tag: String, _ blocks: [CommittedBlock], to xml: inout XMLText) {
        xml.element(tag) { xml in
            for block in blocks {
                xml.element("Block") { xml in
                    xml.element("Name", block.id.text)
                    xml.element("Size", String(block.size))
                }
            }
        }
    }
}
