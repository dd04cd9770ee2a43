import Foundation
import LazuliResources
import LazuliTracking

/// Finds the row of a request: rows without places by one look-up, the others by their segments.
struct MLflowTable: Sendable {
    private struct Pattern: Sendable {
        let segments: [String]
        let row: MLflowRow
    }

    private let fixed: [String: MLflowRow]
    private let patterns: [Pattern]

    init(_ rows: [MLflowRow]) {
        var fixed: [String: MLflowRow] = [:]
        var patterns: [Pattern] = []
        for row in rows {
            if row.path.contains("{") {
                patterns.append(Pattern(segments: row.path.split(separator: "/").map(String.init), row: row))
            } else {
                fixed[row.method + " " + row.path] = row
            }
        }
        self.fixed = fixed
        self.patterns = patterns
    }

    /// - Parameter path: below `/api/` or `/ajax-api/` without that, else with its slash; not decoded.
    /// - Throws: `methodNotAllowed` for a path that is known under another method, `endpointNotFound` for others.
    func find(_ method: String, _ path: Substring) throws -> (row: MLflowRow, places: [String: [String]]) {
        if let row = fixed[method + " " + path] { return (row, [:]) }
        let segments = path.split(separator: "/")
        var otherMethod: String?
        for pattern in patterns {
            guard let places = try Self.match(segments, pattern.segments) else { continue }
            if pattern.row.method == method { return (pattern.row, places) }
            otherMethod = pattern.row.method
        }
        for other in ["GET", "POST", "PATCH", "DELETE", "PUT"] where fixed[other + " " + path] != nil {
            otherMethod = other
        }
        if let otherMethod {
            throw ServiceError(.methodNotAllowed, "\(method) is not offered at \(path); \(otherMethod) is.")
        }
        throw ServiceError(
            TrackingFault.endpointNotFound,
            "No MLflow call is known at \(path). Check that the tracking URI has no extra path.")
    }

    private static func match(_ segments: [Substring], _ pattern: [String]) throws -> [String: [String]]? {
        var places: [String: [String]] = [:]
        for (index, part) in pattern.enumerated() {
            if part.hasPrefix("{"), part.hasSuffix("*}") {
                places[String(part.dropFirst().dropLast(2))] = try segments.dropFirst(index).map(decoded)
                return places
            }
            guard index < segments.count else { return nil }
            if part.hasPrefix("{") {
                places[String(part.dropFirst().dropLast())] = [try decoded(segments[index])]
            } else if part != segments[index] {
                return nil
            }
        }
        return segments.count == pattern.count ? places : nil
    }

    private static func decoded(_ segment: Substring) throws -> String {
        guard let text = segment.removingPercentEncoding else {
            throw TrackingFault.invalid("The path segment \"\(segment)\" has escapes that are no UTF-8.")
        }
        return text
    }
}
