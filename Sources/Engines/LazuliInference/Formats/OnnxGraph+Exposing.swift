extension OnnxGraph {
    /// The model with the inner tensors of class maps as outputs of their own.
    ///
    /// Messages of protocol buffers merge when their bytes are joined, so that a graph with nothing but further outputs
    /// can simply be put behind the model.
    func exposingMaps(in model: [UInt8]) -> [UInt8] {
        guard !maps.isEmpty else { return model }
        let declared = maps.keys.sorted().flatMap { name in Self.field(12, Self.field(1, Array(name.utf8))) }
        return model + Self.field(7, declared)
    }

    /// A field whose content has a length: its number, wire type 2, the length, the content.
    private static func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(content.count)) + content
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value, bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
