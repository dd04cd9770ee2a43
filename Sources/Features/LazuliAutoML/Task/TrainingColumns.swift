import Foundation
import LazuliDomain
import LazuliResources

/// The columns of a job's training data, where they can be had from the first line of a file.
struct TrainingColumns: Sendable {
    let locator: DataLocator

    /// - Returns: nil where the data is elsewhere, not there yet, or not of the kind whose first line tells.
    func names(of data: JobData?, in scope: WorkspaceScope) async -> [String]? {
        guard let data, case .here(let place)? = try? await locator.place(of: data.uri, kind: .data, in: scope) else {
            return nil
        }
        return try? await DiskQueue.run { Self.header(of: place) }
    }

    /// Headers are short: a file without a line's end so far is not of the usual kind.
    private static let longestHeader = 1 << 20

    private static func header(of file: URL) -> [String]? {
        guard file.pathExtension.lowercased() == "csv", let handle = try? FileHandle(forReadingFrom: file),
            let data = try? handle.read(upToCount: longestHeader),
            let end = data.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }),
            let line = String(data: data[..<end], encoding: .utf8)
        else { return nil }
        return line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
