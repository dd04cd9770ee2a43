import LazuliTabular
enum TableSource {
    static func read(path: String) throws -> ReadTable { try CSVReader().read(path) }
}
