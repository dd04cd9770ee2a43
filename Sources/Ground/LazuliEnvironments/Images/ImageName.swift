import LazuliResources

/// A container image's name, understood as the Python it stands for: jobs run on the host's Python, not in the image.
struct ImageName {
    let text: String
    /// Without registry host and tag: `azureml/openmpi4.1.0-ubuntu20.04`.
    let repository: String
    let tag: String?

    init(_ text: String) {
        self.text = text
        var rest = Substring(text.trimmed)
        if let digest = rest.firstIndex(of: "@") { rest = rest[..<digest] }
        let lastSlash = rest.lastIndex(of: "/") ?? rest.startIndex
        if let colon = rest.lastIndex(of: ":"), colon > lastSlash {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        let parts = rest.split(separator: "/")
        let hasHost = parts.count > 1 && parts[0].contains { ".:".contains($0) }
        repository = parts.dropFirst(hasHost ? 1 : 0).joined(separator: "/").lowercased()
    }

    /// What every Python image brings along.
    private static let bareTools = ["pip", "setuptools", "wheel"]

    func specification() throws(ServiceError) -> EnvironmentSpecification {
        let name = repository.split(separator: "/").last.map(String.init) ?? ""
        if repository.hasPrefix("azureml/curated/"), let found = CuratedEnvironments.find(name) {
            var specification = found.environment.specification
            specification.notices.append("The image \"\(text)\" is replaced by \(found.environment.name).")
            return specification
        }
        if ["python", "library/python", "mirror/docker/library/python"].contains(repository)
            || repository.hasSuffix("/library/python")
        {
            return bare(python: pythonOfTag())
        }
        if isBase { return bare(python: nil) }
        throw ServiceError(
            .invalidArgument,
            "The image \"\(text)\" is not known, and there is no container engine to run it. Use python:3.11 or "
                + "another Python version, an image of mcr.microsoft.com/azureml, a conda file, or one of "
                + "\(CuratedEnvironments.nameList).",
            target: "image")
    }

    /// With a conda file beside it an image only contributes system libraries: say so unless it is a plain base image.
    static func noticeBesidesConda(_ image: String) -> String? {
        let name = ImageName(image)
        if name.isBase || name.repository.hasSuffix("python") { return nil }
        return
            "The conda file is used; what else the image \"\(image)\" holds is not available, because jobs do not run "
            + "in containers."
    }

    /// Azure ML's base images: an operating system, MPI or CUDA, and an empty Python.
    private var isBase: Bool {
        guard repository.hasPrefix("azureml/") else { return false }
        let name = repository.dropFirst("azureml/".count)
        return ["openmpi", "intelmpi", "base", "o16n-base", "minimal", "inference"].contains { name.hasPrefix($0) }
    }

    /// `3.10-slim` → 3.10; `latest`, `3` and `slim` leave the choice open.
    private func pythonOfTag() -> PythonWish? {
        guard let version = tag?.split(separator: "-").first.flatMap({ PythonVersion($0) }) else { return nil }
        return .exactly(version)
    }

    private func bare(python: PythonWish?) -> EnvironmentSpecification {
        EnvironmentSpecification(
            python: python, requirements: ImageName.bareTools,
            notices: ["The image \"\(text)\" is replaced by this machine's Python without further packages."])
    }
}
