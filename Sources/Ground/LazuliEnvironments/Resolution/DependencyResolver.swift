import Foundation
import LazuliResources

/// Finds a version for every package of a specification, or says what stands in the way.
struct DependencyResolver {
    let uv: UvTool
    let choice: PythonInterpreters.Choice
    /// A folder for the files that uv reads and writes.
    let folder: String
    let secondsAllowed: Double
    let onLine: @Sendable (String) -> Void

    struct Resolution: Sendable {
        /// Each package with its exact version.
        var lock: [String]
        var notices: [String]
        /// Packages that have no built form and are built from their source.
        var fromSource: [String]
    }

    /// Packages whose building from source takes a compiler and an hour: for them a missing build means unsolvable.
    static let neverFromSource = [
        "numpy", "scipy", "scikit-learn", "pandas", "matplotlib", "lightgbm", "xgboost", "torch", "torchvision",
        "tensorflow", "tensorflow-cpu", "h5py", "pyarrow", "statsmodels", "grpcio", "onnx", "onnxruntime", "numba",
        "llvmlite", "catboost", "scikit-image", "opencv-python", "opencv-python-headless", "pillow", "lxml",
        "cryptography", "spacy", "tokenizers", "ray", "pyodbc",
    ]

    /// Packages that matter on Azure alone; without them a job runs here all the same.
    static let azureOnly: Set = [
        "azureml-defaults", "azureml-inference-server-http", "inference-schema", "azureml-dataset-runtime",
        "azureml-dataprep", "azureml-telemetry", "azureml-core", "azureml-mlflow",
    ]

    func resolve(_ specification: EnvironmentSpecification) async throws -> Resolution {
        var requirements = specification.requirements
        var notices: [String] = []
        // What is fetched from a repository or an address has no build but its source.
        var fromSource = requirements.filter { $0.contains("@") }.map(RequirementLine.name)
        // Each round settles at least one requirement, so it ends.
        while true {
            let complaint: UvComplaint
            switch try await compile(requirements, specification, mayBuild: fromSource) {
            case .solved(let lock):
                notices += relaxationNotices(specification.requirements, requirements, lock)
                return Resolution(lock: lock, notices: notices, fromSource: fromSource)
            case .refused(let found): complaint = found
            }
            if let dropped = azureOnlyCulprit(complaint, requirements) {
                requirements.removeAll { $0 == dropped }
                notices.append(
                    "\"\(dropped)\" cannot be installed on Python \(version) and was left out; jobs run without it.")
            } else if case .noBuild(let name, _) = complaint.kind, mayBeBuilt(name), !fromSource.contains(name) {
                fromSource.append(name)
            } else if let relaxed = relaxed(requirements, complaint) {
                requirements = relaxed
            } else {
                throw await UnsolvableReport(resolver: self, specification: specification, requirements: requirements)
                    .error(for: complaint)
            }
        }
    }

    var version: PythonVersion { choice.interpreter.version }

    enum Answer {
        case solved([String])
        case refused(UvComplaint)
    }

    /// - Parameter mayBuild: packages that may be built from source; all others must have a build.
    func compile(
        _ requirements: [String], _ specification: EnvironmentSpecification, mayBuild: [String] = [],
        options: [String] = []
    ) async throws -> Answer {
        let input = "\(folder)/requirements.in"
        let output = "\(folder)/requirements.lock"
        try Data(requirements.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: input))
        try? FileManager.default.removeItem(atPath: output)
        var arguments = [
            "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python", choice.interpreter.path,
            "--output-file",
            output, "--only-binary", ":all:",
        ]
        for name in mayBuild { arguments += ["--no-binary", name] }
        for index in specification.extraIndexes { arguments += ["--extra-index-url", index] }
        let result = try await uv.run(arguments + options + [input], secondsAllowed: secondsAllowed)
        if result.ranOutOfTime {
            throw ServiceError(
                .invalidArgument,
                "The packages could not be resolved within \(Int(secondsAllowed)) seconds. Pin more of them to exact "
                    + "versions.", target: "condaFile", cause: result.messages.joined(separator: "\n"))
        }
        guard result.exitCode == 0, let text = try? String(contentsOfFile: output, encoding: .utf8) else {
            return .refused(UvComplaint(messages: result.messages))
        }
        return .solved(text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") && !$0.isEmpty })
    }

    private func mayBeBuilt(_ name: String) -> Bool {
        !DependencyResolver.neverFromSource.contains(RequirementLine.name(of: name))
    }

    private func azureOnlyCulprit(_ complaint: UvComplaint, _ requirements: [String]) -> String? {
        guard complaint.kind != .indexUnreachable, complaint.kind != .notUnderstood else { return nil }
        return complaint.culprits(among: requirements).first {
            DependencyResolver.azureOnly.contains(RequirementLine.name(of: $0))
        }
    }

    // MARK: - Pins made for another Python

    /// The requirements with the pins that are in the way taken off; nil if there are none, or the user's own Python is
    /// in use: then the pins are the user's to change.
    private func relaxed(_ requirements: [String], _ complaint: UvComplaint) -> [String]? {
        guard choice.substitution != nil else { return nil }
        switch complaint.kind {
        case .noBuild, .conflict: break
        default: return nil
        }
        let pinned = complaint.culprits(among: requirements).filter(isBounded)
        // A dependency of a pinned package may be the one without a build: then every pin is suspect.
        let suspects = Set(pinned.isEmpty ? requirements.filter(isBounded) : pinned)
        guard !suspects.isEmpty else { return nil }
        return requirements.map { suspects.contains($0) ? bareName($0) : $0 }
    }

    private func isBounded(_ requirement: String) -> Bool {
        requirement.prefix { $0 != ";" }.contains { "=<>~".contains($0) }
    }

    /// The requirement without its bounds, its extras kept.
    private func bareName(_ requirement: String) -> String {
        requirement.prefix { !"=<>~!;".contains($0) }.trimmed
    }

    private func relaxationNotices(_ original: [String], _ relaxed: [String], _ lock: [String]) -> [String] {
        original.filter { !relaxed.contains($0) }.compactMap { requirement in
            let name = RequirementLine.name(of: requirement)
            guard let used = lock.first(where: { RequirementLine.name(of: $0) == name }) else { return nil }
            return "\(requirement) has no build for Python \(version); using "
                + "\(RequirementLine.exactVersion(of: used) ?? used)."
        }
    }
}
