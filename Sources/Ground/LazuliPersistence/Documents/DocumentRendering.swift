public import LazuliResources

extension Document {
    /// The resource as the wire shows it: id, name, type and system data around the stored body.
    /// - Parameter name: the resource's own last name: for versions, the version.
    public func resource(id: String, name: String, type: String, body: JSON) -> JSON {
        var resource = JSONObject([
            ("id", .string(id)), ("name", .string(name)), ("type", .string(type)),
        ])
        resource = resource.merging(body.object ?? JSONObject())
        resource["systemData"] = systemData
        return .object(resource)
    }

    /// The same as text, without parsing the stored body: the hot path of GET.
    func resourceText(id: String, name: String, type: String) -> [UInt8] {
        let head: JSON = [
            "id": .string(id), "name": .string(name), "type": .string(type), "systemData": systemData,
        ]
        var bytes = head.bytes
        bytes.removeLast()
        let stored = Array(text.utf8)
        if stored.count > 2 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: stored.dropFirst())
        return bytes
    }

    private var systemData: JSON {
        [
            "createdAt": .string(Timestamp.text(createdAt)), "createdBy": .string(createdBy),
            "createdByType": "User", "lastModifiedAt": .string(Timestamp.text(modifiedAt)),
            "lastModifiedBy": .string(modifiedBy), "lastModifiedByType": "User",
        ]
    }
}

extension Reply {
    /// A page of a list, with the absolute link of the next one.
    public static func page(_ values: [JSON], next: Int64?, of call: Call, path: String) -> Reply {
        var link = JSON.null
        if let next {
            let kept = call.query.filter { $0.key != "$skip" && $0.key != "api-version" }
                .sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value.percentEncodedForQuery)" }
            link = .string("\(call.baseURL)\(path)?" + (kept + ["$skip=\(next)"]).joined(separator: "&"))
        }
        return .json(200, ["value": .array(values), "nextLink": link])
    }
}

extension String {
    /// The text as it may stand in a query: everything but unreserved characters (RFC 3986 section 2.3) is escaped.
    public var percentEncodedForQuery: String {
        var encoded = ""
        for byte in utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 128,
                scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~".unicodeScalars.contains(scalar)
            {
                encoded.unicodeScalars.append(scalar)
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
