/// One page of a container's listing, as the storage protocol writes it (`EnumerationResults`).
struct BlobListing: Equatable {
    let items: [BlobItem]
    let nextMarker: String?

    init(parsing xml: String) {
        items = XMLText.all("Blob", in: xml).compactMap { blob in
            guard let name = XMLText.first("Name", in: blob) else { return nil }
            let size = XMLText.first("Content-Length", in: blob).flatMap { Int64($0) } ?? 0
            return BlobItem(name: name, size: size)
        }
        let marker = XMLText.first("NextMarker", in: xml) ?? ""
        nextMarker = marker.isEmpty ? nil : marker
    }
}

/// Finds elements in XML that a machine wrote: no attributes are read, and an element does not nest in its own kind.
enum XMLText {
    static func all(_ name: String, in xml: String) -> [Substring] {
        var found: [Substring] = []
        var rest = Substring(xml)
        while let open = rest.firstRange(of: "<\(name)>"),
            let close = rest[open.upperBound...].firstRange(of: "</\(name)>")
        {
            found.append(rest[open.upperBound..<close.lowerBound])
            rest = rest[close.upperBound...]
        }
        return found
    }

    /// The text of the first such element, its entities replaced.
    static func first(_ name: String, in xml: some StringProtocol) -> String? {
        all(name, in: String(xml)).first.map { unescaped(String($0)) }
    }

    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&apos;", with: "'").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
