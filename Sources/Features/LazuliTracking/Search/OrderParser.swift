import LazuliResources

/// Reads entries of `order_by`: `metrics.loss DESC`, ``params.`my key` ``, `start_time asc`.
enum OrderParser {
    static func parse(_ entries: [String], _ grammar: SearchGrammar) throws -> [SearchOrder] {
        var orders: [SearchOrder] = []
        for entry in entries {
            let order = try parse(entry, grammar)
            guard !orders.contains(where: { $0.field == order.field }) else {
                throw TrackingFault.invalid(
                    "`order_by` contains duplicate fields: \(PythonText.list(entries))", target: "order_by")
            }
            orders.append(order)
        }
        return orders
    }

    private static func parse(_ entry: String, _ grammar: SearchGrammar) throws -> SearchOrder {
        guard let tokens = try? FilterTokenizer.tokens(of: entry), let name = tokens.first, name.kind == .word,
            tokens.count <= 2
        else {
            throw TrackingFault.invalid(
                "Invalid order_by clause '\(entry)'. Could not be parsed.", target: "order_by")
        }
        let field = try grammar.field(name.text, at: name.position, forOrder: true)
        guard tokens.count == 2 else { return SearchOrder(field: field, isAscending: true) }
        guard tokens[1].isWord("ASC") || tokens[1].isWord("DESC") else {
            throw TrackingFault.invalid("Invalid ordering key in order_by clause '\(entry)'.", target: "order_by")
        }
        return SearchOrder(field: field, isAscending: tokens[1].isWord("ASC"))
    }
}
