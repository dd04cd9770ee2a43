package import LazuliResources

/// Finds the row of a request by walking its path's segments once.
///
/// Fixed segments match without regard to case and go before places; two rows of one method and path are a fault.
package struct RouteTable: Sendable {
    private final class Node: Sendable {
        let fixed: [String: Node]
        let place: Node?
        let routes: [String: Row]

        init(fixed: [String: Node], place: Node?, routes: [String: Row]) {
            self.fixed = fixed
            self.place = place
            self.routes = routes
        }
    }

    /// A route with the names of its places in path order: rows that share places may call them differently.
    private struct Row: Sendable {
        let route: Route
        let places: [String]
    }

    package enum Match: Sendable {
        case found(Route, parameters: [String: String])
        /// The path is known, under these other methods.
        case otherMethods([String])
        case none
    }

    private let root: Node
    package let routes: [Route]

    /// - Throws: `internalError` when two rows have the same method and path.
    package init(_ routes: [Route]) throws {
        self.routes = routes
        root = try Self.node(routes.map { ($0, Self.segments($0.path)[...]) })
    }

    private static func segments(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }

    private static func isPlace(_ segment: String) -> Bool { segment.first == "{" }

    private static func node(_ rows: [(route: Route, rest: ArraySlice<String>)]) throws -> Node {
        var here: [String: Row] = [:]
        for (route, rest) in rows where rest.isEmpty {
            let places = segments(route.path).filter(isPlace).map { String($0.dropFirst().dropLast()) }
            guard here.updateValue(Row(route: route, places: places), forKey: route.method) == nil else {
                throw ServiceError(.internalError, "Two routes are declared for \(route.method) \(route.path).")
            }
        }
        let deeper = rows.filter { !$0.rest.isEmpty }
        let places = deeper.filter { isPlace($0.rest[$0.rest.startIndex]) }
        let fixed = Dictionary(grouping: deeper.filter { !isPlace($0.rest[$0.rest.startIndex]) }) {
            $0.rest[$0.rest.startIndex].lowercased()
        }
        return Node(
            fixed: try fixed.mapValues { try node($0.map { ($0.route, $0.rest.dropFirst()) }) },
            place: places.isEmpty ? nil : try node(places.map { ($0.route, $0.rest.dropFirst()) }),
            routes: here)
    }

    /// - Parameter segments: the request's path, split and percent-decoded.
    package func match(_ method: String, _ segments: [String]) -> Match {
        var values: [String] = []
        guard let node = Self.walk(root, segments[...], &values), !node.routes.isEmpty else { return .none }
        guard let row = node.routes[method] else { return .otherMethods(node.routes.keys.sorted()) }
        return .found(
            row.route, parameters: Dictionary(zip(row.places, values), uniquingKeysWith: { first, _ in first }))
    }

    /// Most segments are in lower case already; making them so again would be a good part of the walk.
    private static func folded(_ segment: String) -> String {
        segment.utf8.contains { (65...90).contains($0) || $0 > 127 } ? segment.lowercased() : segment
    }

    private static func walk(_ node: Node, _ rest: ArraySlice<String>, _ values: inout [String]) -> Node? {
        guard let segment = rest.first else { return node }
        if let next = node.fixed[Self.folded(segment)],
            let found = walk(next, rest.dropFirst(), &values), !found.routes.isEmpty
        {
            return found
        }
        guard let next = node.place else { return nil }
        values.append(segment)
        if let found = walk(next, rest.dropFirst(), &values) { return found }
        values.removeLast()
        return nil
    }
}
