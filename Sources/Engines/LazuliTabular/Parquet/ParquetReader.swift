import Foundation

/// Reads Parquet files into a table, by way of delimited text in a temporary file.
struct ParquetReader {
    let converter: any ParquetConverter
    var rowLimit: Int?

    func read(_ paths: [String]) async throws -> (table: ReadTable, rowCounts: [Int]) {
        let csv = FileManager.default.temporaryDirectory.appendingPathComponent("lazuli-\(UUID().uuidString).csv").path
        defer { try? FileManager.default.removeItem(atPath: csv) }
        let conversion = try await converter.convert(paths, limit: rowLimit, to: csv)
        var options = CSVOptions()
        options.delimiter = ","
        options.encoding = .utf8
        for column in conversion.columns {
            switch column.kind {
            case .number: break
            case .boolean: options.kinds[column.name] = .boolean
            case .dateTime: options.kinds[column.name] = .dateTime
            case .text: options.words[column.name] = .inferred
            }
        }
        return (try CSVReader(options).read(csv), conversion.rowCounts)
    }
}
