public import LazuliResources

/// An Azure ML environment as its properties describe it: an image, a conda file, a Docker build context.
public struct EnvironmentRequest: Sendable, Equatable {
    /// For messages.
    public var name: String
    public var image: String?
    /// The text of the conda file, not its path.
    public var condaFile: String?
    /// The folder or URI of a Docker build context.
    public var buildContext: String?

    public init(name: String, image: String? = nil, condaFile: String? = nil, buildContext: String? = nil) {
        self.name = name
        self.image = image
        self.condaFile = condaFile
        self.buildContext = buildContext
    }

    /// - Throws: `invalidArgument` for what cannot be understood, `notImplemented` for what needs containers.
    public func specification() throws(ServiceError) -> EnvironmentSpecification {
        if buildContext != nil {
            throw ServiceError(
                .notImplemented,
                "Environment \"\(name)\" is built from a Dockerfile, which needs a container engine, and none is "
                    + "configured. Describe its packages in a conda file instead, or use one of "
                    + "\(CuratedEnvironments.nameList).",
                target: "build")
        }
        if let condaFile, condaFile.contains(where: { !$0.isWhitespace }) {
            var specification = try CondaFile(text: condaFile).specification
            if let notice = image.flatMap(ImageName.noticeBesidesConda) { specification.notices.append(notice) }
            return specification
        }
        if let image { return try ImageName(image).specification() }
        throw ServiceError(
            .invalidArgument,
            "Environment \"\(name)\" has neither an image nor a conda file. Give it one of the two.", target: "image")
    }
}
