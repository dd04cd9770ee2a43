import Foundation
import LazuliDomain
import LazuliResources

/// Brings a job's code and data to where its command expects them. Data of this server is read where it lies, unless
/// the job asks for a download; then it gets a copy that it may change.
struct JobStaging: Sendable {
    let locator: DataLocator
    let assets: any AssetCatalog
    let fetcher: WebFetcher

    /// The values of `${{inputs.…}}` and `${{outputs.…}}`, and the address of each output.
    struct Ports: Sendable {
        var values: [String: String] = [:]
        var outputPlaces: [String: URL] = [:]
        /// Inputs that are others' too: the job may read them only.
        var readOnly: [URL] = []
    }

    /// Brings data that a program reads to where it can read it.
    func place(
        _ data: JobData, named name: String, in scope: WorkspaceScope, _ folder: JobFolder
    ) async throws -> URL {
        let input = CommandJob.Input(type: data.type, uri: data.uri, value: nil, mode: data.mode)
        guard case .file(let place) = try await staged(input, named: name, scope, folder) else {
            throw ServiceError(
                .invalidArgument,
                "\(data.path) is delivered as \"Direct\", and the job needs the data itself. "
                    + "Leave the mode out.", target: data.path)
        }
        return place
    }

    func stagePorts(_ job: CommandJob, name: String, in scope: WorkspaceScope, _ folder: JobFolder) async throws
        -> Ports
    {
        var ports = Ports()
        ports.values["name"] = name
        for (input, wanted) in job.inputs {
            switch try await staged(wanted, named: input, scope, folder) {
            case .text(let text): ports.values["inputs.\(input)"] = text
            case .file(let place):
                ports.values["inputs.\(input)"] = place.path
                let isOwn = place.path.hasPrefix(folder.fetched.path + "/")
                if !isOwn, wanted.mode != "ReadWriteMount" { ports.readOnly.append(place) }
            }
        }
        for (output, wanted) in job.outputs {
            let place = try await outputPlace(wanted, named: output, scope)
            ports.outputPlaces[output] = place
            ports.values["outputs.\(output)"] = wanted.mode == "Direct" ? wanted.uri ?? place.path : place.path
        }
        return ports
    }

    private enum StagedInput {
        case text(String)
        case file(URL)
    }

    private func staged(
        _ input: CommandJob.Input, named name: String, _ scope: WorkspaceScope, _ folder: JobFolder
    ) async throws -> StagedInput {
        guard let uri = input.uri else { return .text(input.value ?? "") }
        if input.mode == "Direct" {
            return .text(try await directAddress(uri, JobCheck.assetKind(input.type), scope))
        }
        let own = folder.fetched.appendingPathComponent(name), place: URL
        switch try await locator.place(of: uri, kind: JobCheck.assetKind(input.type), in: scope) {
        case .here(let stored):
            guard FileManager.default.fileExists(atPath: stored.path) else {
                throw ServiceError(
                    .notFound, "Input \"\(name)\" names \(uri), and there is nothing there. Check the path.",
                    target: name)
            }
            place = stored
        case .web(let address): place = try await fetcher.fetch(address, into: own)
        }
        let isWanted = ["Download", "EvalDownload"].contains(input.mode) && !place.path.hasPrefix(own.path)
        return .file(isWanted ? try await copy(place, into: own) : place)
    }

    private func copy(_ place: URL, into folder: URL) async throws -> URL {
        let target = folder.appendingPathComponent(place.lastPathComponent)
        try await DiskQueue.run {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: place, to: target)
        }
        return target
    }

    /// A script can open the address of data, not the id of an asset.
    private func directAddress(_ uri: String, _ kind: AssetKind, _ scope: WorkspaceScope) async throws -> String {
        guard case .asset(let reference) = try DataURI(uri) else { return uri }
        let properties = try await assets.resolve(reference, kind: kind, in: scope).properties
        return properties["dataUri"].string ?? properties["modelUri"].string ?? uri
    }

    private func outputPlace(
        _ output: CommandJob.Output, named name: String, _ scope: WorkspaceScope
    ) async throws -> URL {
        guard case .here(let place) = try await locator.place(of: output.uri ?? "", kind: .data, in: scope) else {
            throw ServiceError(
                .invalidArgument, "Output \"\(name)\" cannot be written to \(output.uri ?? ""): use a datastore path.",
                target: name)
        }
        let folder = output.type == "uri_file" ? place.deletingLastPathComponent() : place
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ServiceError(
                .invalidArgument, "Output \"\(name)\" cannot be written to \(output.uri ?? ""): \(error).", target: name
            )
        }
        return place
    }
}
