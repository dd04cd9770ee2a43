import LazuliMLflowStores
import LazuliResources

/// Copies the files of runs, logged models and versions, some owners side by side.
struct FileTransfer: Sendable {
    let source: any TrackingSource
    let target: any TrackingTarget
    let screen: Screen
    let faults: FaultLog

    private static let lanes = 4

    private struct Copied: Sendable {
        var files = TransferReport.Counts()
        var bytes: Int64 = 0
    }

    func run(_ state: inout TransferState) async {
        let loads = state.loads.sorted { $0.key < $1.key }.map(\.value)
        var report = state.report, done = 0
        await withTaskGroup(of: Copied.self) { group in
            for (index, load) in loads.enumerated() {
                if index >= Self.lanes, let copied = await group.next() {
                    done += 1
                    Self.add(copied, to: &report)
                    screen.redraw(
                        "files of \(done) of \(loads.count) runs and models, \(UploadReport.size(report.bytes))")
                }
                group.addTask { await copy(load) }
            }
            for await copied in group { Self.add(copied, to: &report) }
        }
        state.report = report
    }

    private static func add(_ copied: Copied, to report: inout TransferReport) {
        report.files.created += copied.files.created
        report.files.present += copied.files.present
        report.files.failed += copied.files.failed
        report.bytes += copied.bytes
    }

    private func copy(_ load: TransferState.Load) async -> Copied {
        var copied = Copied()
        do {
            let files = try await source.files(at: load.origin)
            guard !files.isEmpty else {
                if load.needsFiles { noteMissing(load) }
                return copied
            }
            let place = target.place(of: load.owner)
            let there = load.mayBeThere ? try await target.files(at: place) : []
            let sizes = Dictionary(there.map { ($0.path, $0.size) }) { first, _ in first }
            for file in files {
                if sizes[file.path] == file.size {
                    copied.files.present += 1
                } else {
                    await copy(file, load, place, &copied)
                }
            }
        } catch {
            note(error, load)
        }
        return copied
    }

    private func copy(
        _ file: StoredFile, _ load: TransferState.Load, _ place: String, _ copied: inout Copied
    ) async {
        do {
            try await source.withFile(file, at: load.origin) { try await target.put($0, at: file.path, in: place) }
            copied.files.created += 1
            copied.bytes += file.size
        } catch {
            copied.files.failed += 1
            note(error, load, file.path)
        }
    }

    private func noteMissing(_ load: TransferState.Load) {
        var place = "its address"
        if case .folder(let path) = load.origin { place = path }
        if case .served(let uri) = load.origin { place = uri }
        faults.note(
            "\(load.owner.title): there are no files at \(place). If they were moved, say where with --artifacts.")
    }

    private func note(_ error: any Error, _ load: TransferState.Load, _ file: String? = nil) {
        let reason = (error as? ServiceError)?.message ?? "\(error)"
        faults.note("\(load.owner.title): \(file.map { $0 + ": " } ?? "")\(reason)")
    }
}
