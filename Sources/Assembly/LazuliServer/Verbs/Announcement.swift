import Foundation
import LazuliAccess
import LazuliResources
import LazuliWorkspaces

extension WorkspaceServer {
    /// Writes how the server is reached, and says so on the terminal with the next command to type.
    func announce() throws {
        try write(clientDocument, to: ground.folder.client, mode: 0o600)
        try write(serverDocument, to: ground.folder.server, mode: 0o644)
        FileHandle.standardOutput.write(Data(banner.utf8))
    }

    private var serverDocument: JSON {
        let addresses = ground.addresses, first = ground.settings.first.scope
        return [
            "pid": JSON(Int(ProcessInfo.processInfo.processIdentifier)), "api": .string(addresses.api),
            "blob": .string(addresses.blob), "http": .string(addresses.http),
            "scoring": .string(addresses.scoring),
            "ca": .string(ground.certificates.bundlePath),
            "subscription": .string(first.subscription), "resourceGroup": .string(first.resourceGroup),
            "workspace": .string(first.workspace), "tenant": .string(WorkspaceService.tenant),
        ]
    }

    private var clientDocument: JSON {
        ["identityHeader": .string(ground.access.identityHeaders.issueHeader(for: ground.access.owner))]
    }

    private func write(_ document: JSON, to file: URL, mode: Int) throws {
        let temporary = file.appendingPathExtension("new")
        let made = FileManager.default.createFile(
            atPath: temporary.path, contents: Data(document.prettyText.utf8), attributes: [.posixPermissions: mode])
        guard made, rename(temporary.path, file.path) == 0 else {
            throw ServiceError(.internalError, "\(file.path) cannot be written.")
        }
    }

    private var banner: String {
        let addresses = ground.addresses, first = ground.settings.first.scope
        let roots =
            ground.certificates.bundleHasPublicRoots
            ? ""
            : "\n  note        no public certificates were found on this machine; clients reach this server alone\n"
        return """

              Lazuli is up.

              workspace   \(first.workspace)  (resource group \(first.resourceGroup))
              API         \(addresses.api)
              blobs       \(addresses.blob)
              MLflow      \(addresses.http)
              endpoints   \(addresses.scoring)
              state       \(ground.settings.home.path)
            \(roots)
              Next, in another terminal:

                eval "$(lazuli env)"        point azure-ai-ml, mlflow and azure-storage-blob here
                lazuli job create -f job.yml --stream

            """
    }
}
