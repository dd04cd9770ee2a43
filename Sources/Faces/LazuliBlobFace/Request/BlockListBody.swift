import LazuliArtifacts
import LazuliResources

/// The body of Put Block List: `<BlockList><Latest>id</Latest>…</BlockList>`.
enum BlockListBody {
    /// The most blocks that the Blob service takes in one blob.
    static let mostBlocks = 50_000
    /// In bytes; 50,000 of the longest ids fit.
    static let largestBody = 16 << 20

    /// - Throws: `malformedBody` for anything but a block list, `invalidArgument` for a block id that is none.
    static func parse(_ text: String) throws -> [BlockReference] {
        var rest = text[...]
        var list: [BlockReference] = []
        try skipProlog(&rest)
        guard let root = tag(&rest) else { throw malformed("it holds no element") }
        if root == "BlockList/" { return [] }
        guard root == "BlockList" else { throw malformed("its outermost element is <\(root)>") }
        while let name = tag(&rest) {
            if name == "/BlockList" { return list }
            guard let place = BlockReference.Place(rawValue: name) else { throw malformed("it holds <\(name)>") }
            guard let end = rest.firstIndex(of: "<") else { break }
            let id = rest[..<end].trimmingSpace
            rest = rest[end...]
            guard tag(&rest) == "/" + name else { throw malformed("<\(name)> is not closed") }
            list.append(BlockReference(place, try BlockID(id)))
            if list.count > mostBlocks { throw malformed("it names more than \(mostBlocks) blocks") }
        }
        throw malformed("it ends too early")
    }

    private static func skipProlog(_ rest: inout Substring) throws {
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
        rest = rest.drop(while: \.isWhitespace)
        guard rest.hasPrefix("<?") else { return }
        guard let end = rest.firstIndex(of: ">") else { throw malformed("its first line does not end") }
        rest = rest[rest.index(after: end)...]
    }

    /// The next tag without its brackets and attributes, if nothing but space comes before it.
    private static func tag(_ rest: inout Substring) -> String? {
        rest = rest.drop(while: \.isWhitespace)
        guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
        let content = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        let name = content.prefix { !$0.isWhitespace }
        return content.last == "/" && name.last != "/" && name.first != "/" ? name + "/" : String(name)
    }

    private static func malformed(_ reason: String) -> ServiceError {
        ServiceError(.malformedBody, "The body is no block list: \(reason).", cause: "InvalidXmlDocument")
    }
}

extension Substring {
    fileprivate var trimmingSpace: String {
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
