import HTTPTypes
import LazuliResources
import Hummingbird
import LazuliArtifacts

extension BlobFace {
    func listContainers(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let prefix = request.item("prefix") ?? ""
        let start = request.item("marker") ?? ""
        let limit = try pageSize(request)
        let all = try await DiskQueue.run { [store] in try store.listContainers(account: grant.account) }
            .filter { $0.name.hasPrefix(prefix) && $0.name >= start }
        var document = XMLText()
        document.element("EnumerationResults", attributes: [("ServiceEndpoint", "https://\(request.host)/")]) { xml in
            xml.element("Prefix", request.item("prefix"))
            xml.element("Marker", request.item("marker"))
            xml.element("MaxResults", request.item("maxresults"))
            xml.element("Containers") { xml in
                for container in all.prefix(limit) { Self.write(container, to: &xml) }
            }
            xml.element("NextMarker", all.count > limit ? all[limit].name : "")
        }
        return xml(document)
    }

    private static func write(_ container: ContainerProperties, to xml: inout XMLText) {
        xml.element("Container") { xml in
            xml.element("Name", container.name)
            xml.element("Properties") { xml in
                xml.element("Last-Modified", HTTPDate.text(container.lastModified))
                xml.element("Etag", container.etag)
                xml.element("LeaseStatus", "unlocked")
                xml.element("LeaseState", "available")
            }
        }
    }

    /// What this service has of the things that an account can be set to: none of them.
    func serviceProperties() -> Response {
        var document = XMLText()
        document.element("StorageServiceProperties") { xml in
            xml.element("Logging") { xml in
                xml.element("Version", "1.0")
                for verb in ["Delete", "Read", "Write"] { xml.element(verb, "false") }
                xml.element("RetentionPolicy") { $0.element("Enabled", "false") }
            }
            for metrics in ["HourMetrics", "MinuteMetrics"] {
                xml.element(metrics) { xml in
                    xml.element("Version", "1.0")
                    xml.element("Enabled", "false")
                    xml.element("RetentionPolicy") { $0.element("Enabled", "false") }
                }
            }
            xml.element("Cors", "")
            xml.element("DefaultServiceVersion", Self.defaultVersion)
            xml.element("DeleteRetentionPolicy") { $0.element("Enabled", "false") }
            xml.element("StaticWebsite") { $0.element("Enabled", "false") }
        }
        return xml(document)
    }

    func accountInformation() -> Response {
        var headers = HTTPFields()
        headers.set("x-ms-sku-name", "Standard_LRS")
        headers.set("x-ms-account-kind", "StorageV2")
        headers.set("x-ms-is-hns-enabled", "false")
        return Response(status: .ok, headers: headers)
    }

    /// The `maxresults` of a listing.
    /// - Throws: `invalidArgument` if it is no positive number.
    func pageSize(_ request: BlobRequest) throws -> Int {
        guard let text = request.item("maxresults"), !text.isEmpty else { return BlobQuery.largestPage }
        guard let number = Int(text), number > 0 else {
            throw BlobFace.badItem("maxresults", text, "a whole number from 1 to \(BlobQuery.largestPage)")
        }
        return min(number, BlobQuery.largestPage)
    }
}
