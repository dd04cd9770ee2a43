import Foundation
import LazuliClient
import LazuliResources

/// Copies what a job left behind into a folder: `artifacts/` for its logs and files, `named-outputs/NAME/` for outputs.
struct JobDownload {
    let session: Session

    enum Choice: Equatable {
        case artifacts
        case output(String)
        case everything
    }

    /// - Returns: the number of files written.
    func download(_ name: String, _ choice: Choice, to folder: String) async throws -> Int {
        let job = try await session.arm.get(session.path(.job, name: name))
        let status = job["properties"]["status"].string ?? ""
        guard LogFollower.terminal.contains(status) else {
            throw ServiceError(
                .conflict, "The job \(name) is \(status). Wait for its end first: lazuli job stream --name \(name)")
        }
        var count = 0
        if choice != .everything, case .output = choice {
        } else {
            count += try await copy(
                DatastoreURI(datastore: "workspaceartifactstore", path: "ExperimentRun/dcid.\(name)/"),
                to: folder + "/artifacts")
        }
        for (output, uri) in try await outputs(of: job, name, choice) {
            count += try await copy(uri, to: folder + "/named-outputs/" + output)
        }
        return count
    }

    private func outputs(of job: JSON, _ name: String, _ choice: Choice) async throws -> [(String, DatastoreURI)] {
        guard choice != .artifacts else { return [] }
        let declared = (job["properties"]["outputs"].object?.pairs ?? []).map { ($0.key, $0.value["uri"].string) }
        let recorded = try await session.history.outputs(of: name)
        let addresses = try await session.history.addresses(of: recorded.map(\.asset))
        var found: [(String, DatastoreURI)] = []
        for (output, uri) in declared where output != "default" {
            let asset = recorded.first { $0.name == output }?.asset
            let address = asset.flatMap { addresses[$0] } ?? uri
            let place =
                address.flatMap(DatastoreURI.init)
                ?? DatastoreURI(datastore: DatastoreAccess.defaultName, path: "azureml/\(name)/\(output)/")
            found.append((output, place))
        }
        guard case .output(let wanted) = choice else { return found }
        guard let one = found.first(where: { $0.0 == wanted }) else {
            let known = found.map(\.0)
            throw ServiceError(
                .notFound,
                "The job \(name) has no output \"\(wanted)\"; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))."
                    + NearestName.hint(wanted, among: known))
        }
        return [one]
    }

    /// Copies all blobs below a place, or the one blob that it is.
    func copy(_ place: DatastoreURI, to folder: String) async throws -> Int {
        let blobs = try await session.datastores.open(place.datastore)
        let items = try await blobs.list(prefix: place.path)
        let base = place.path.hasSuffix("/") ? place.path : place.path + "/"
        let chosen = items.filter { $0.name == place.path || $0.name.hasPrefix(base) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            var started = 0
            for item in chosen {
                if started >= 4 { try await group.next() }
                started += 1
                let relative =
                    item.name == place.path
                    ? (item.name as NSString).lastPathComponent : String(item.name.dropFirst(base.count))
                guard !relative.isEmpty, !relative.split(separator: "/").contains("..") else { continue }
                group.addTask { try await blobs.download(item, to: folder + "/" + relative) }
            }
            try await group.waitForAll()
        }
        return chosen.count
    }
}
