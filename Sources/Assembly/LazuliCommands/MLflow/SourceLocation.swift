import Foundation
import LazuliClient
import LazuliMLflowStores
import LazuliResources

/// What `lazuli mlflow import` and `export` were pointed at.
enum SourceLocation: Equatable {
    case server(String)
    case file(String)
    case folder(String)

    /// - Parameter text: a folder, a file, `sqlite:///path`, `file://path` or a server's address.
    init(_ text: String) throws {
        let lower = text.lowercased()
        if lower.hasPrefix("http://") || lower.hasPrefix("https://") {
            self = .server(text)
            return
        }
        for scheme in ["postgresql", "mysql", "mssql", "databricks", "azureml"] where lower.hasPrefix(scheme) {
            throw ServiceError(
                ErrorReport.usageCode,
                "\(text): such a store is read through its server. Start `mlflow server` on it and give its address.")
        }
        let path = Self.path(text)
        if lower.hasPrefix("sqlite:") {
            self = .file(path)
            return
        }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        self = exists && !isFolder.boolValue ? .file(path) : .folder(path)
    }

    private static func path(_ text: String) -> String {
        var path = text
        if path.lowercased().hasPrefix("sqlite:///") {
            path = String(path.dropFirst("sqlite:///".count))
        } else if path.lowercased().hasPrefix("file:") {
            let url = URL(string: path)?.path ?? ""
            path = url.isEmpty ? String(path.dropFirst("file:".count)) : url
        }
        return LocalPath.absolute(path, from: FileManager.default.currentDirectoryPath)
    }

    /// The store to read. A server's connection is the caller's to close.
    func source(artifacts: String?, faults: FaultLog, transport: (String) throws -> Transport) throws
        -> any TrackingSource
    {
        switch self {
        case .server(let address):
            return ServerSource(
                server: MLflowServer(address: address, transport: try transport(address)), faults: faults)
        case .file(let path):
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw ServiceError(.notFound, "There is no file \(path), or it cannot be read.", target: path)
            }
            return try SQLiteSource(path: path, artifacts: artifacts, faults: faults)
        case .folder(let path):
            guard FileManager.default.fileExists(atPath: path) else {
                throw ServiceError(
                    .notFound, "There is no file or folder \(path).\(LocalPath.hint(path))", target: path)
            }
            return try FileStoreSource(root: path, artifacts: artifacts, faults: faults)
        }
    }

    /// The store to write.
    /// - Throws: `notImplemented` for an SQLite file.
    func target(faults: FaultLog, transport: (String) throws -> Transport) async throws -> any TrackingTarget {
        switch self {
        case .server(let address):
            let server = MLflowServer(address: address, transport: try transport(address))
            guard try await WorkspaceTarget.isOffered(by: server) else {
                throw ServiceError(
                    .notImplemented,
                    "\(address) is no Lazuli server, and MLflow's own calls cannot keep ids. Export to an mlruns folder "
                        + "and start that server on it: mlflow server --backend-store-uri ./mlruns")
            }
            return WorkspaceTarget(server: server)
        case .folder(let path): return try FolderTarget(root: path, faults: faults)
        case .file(let path):
            throw ServiceError(
                .notImplemented,
                "\(path) is a file. Export to an mlruns folder; MLflow moves one into a database with "
                    + "`mlflow migrate-filestore`.")
        }
    }
}
