import Crypto
package import Foundation
import LazuliResources

/// The Python model host, carried inside the program and unpacked where Python can run it.
package enum PythonWorker {
    /// Each file of `lazuli_worker`.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("__init__.py", PackageResources.__init___py),
        ("__main__.py", PackageResources.__main___py),
        ("amlrequest.py", PackageResources.amlrequest_py),
        ("amlresponse.py", PackageResources.amlresponse_py),
        ("answers.py", PackageResources.answers_py),
        ("concurrently.py", PackageResources.concurrently_py),
        ("failure.py", PackageResources.failure_py),
        ("frames.py", PackageResources.frames_py),
        ("host.py", PackageResources.host_py),
        ("httphead.py", PackageResources.httphead_py),
        ("inbox.py", PackageResources.inbox_py),
        ("inputs.py", PackageResources.inputs_py),
        ("interface.py", PackageResources.interface_py),
        ("mlflow_answers.py", PackageResources.mlflow_answers_py),
        ("mlflow_columns.py", PackageResources.mlflow_columns_py),
        ("mlflow_model.py", PackageResources.mlflow_model_py),
        ("mlflow_payload.py", PackageResources.mlflow_payload_py),
        ("mlflow_signature.py", PackageResources.mlflow_signature_py),
        ("multipart.py", PackageResources.multipart_py),
        ("multivalues.py", PackageResources.multivalues_py),
        ("plan.py", PackageResources.plan_py),
        ("progress.py", PackageResources.progress_py),
        ("scorer.py", PackageResources.scorer_py),
        ("script.py", PackageResources.script_py),
        ("serially.py", PackageResources.serially_py),
        ("shims.py", PackageResources.shims_py),
    ]

    /// The folder of the program, for `python <folder> <plan>`. Every content has a folder of its own: a server of another
    /// version that runs on the same folder keeps its own.
    package static func unpacked(in tools: URL) throws -> URL {
        var hash = SHA256()
        for file in files {
            hash.update(data: Data(file.name.utf8))
            hash.update(data: Data(file.bytes))
        }
        let folder = tools.appending(path: "worker-\(hash.finalize().prefix(6).hexadecimal)")
        let program = folder.appending(path: "lazuli_worker")
        guard !FileManager.default.fileExists(atPath: program.path) else { return program }
        let draft = tools.appending(path: "worker-\(UUID().uuidString)")
        let inside = draft.appending(path: "lazuli_worker")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        for file in files { try Data(file.bytes).write(to: inside.appending(path: file.name)) }
        // Another server may have been faster; its folder is as good.
        if rename(draft.path, folder.path) != 0 { try FileManager.default.removeItem(at: draft) }
        return program
    }
}
