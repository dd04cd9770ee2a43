import LazuliResources

/// Turns uv's refusal into a sentence that names the culprit and the nearest thing that would work.
struct UnsolvableReport {
    let resolver: DependencyResolver
    let specification: EnvironmentSpecification
    let requirements: [String]

    func error(for complaint: UvComplaint) async -> ServiceError {
        let python = "Python \(resolver.version)"
        switch complaint.kind {
        case .indexUnreachable:
            return ServiceError(
                .internalError,
                "The package index cannot be reached, so the environment cannot be built. Check the network and its "
                    + "proxy settings, then try again.", cause: complaint.explanation)
        case .unknownPackage(let name):
            return refusal(
                "There is no package \"\(name)\" in the package index.\(neededBy(name)) Check its spelling; conda "
                    + "names can differ.", complaint)
        case .unknownVersion(let name, let version):
            let nearest = await nearest(name, version)
            return refusal("\(name) has no version \(version).\(nearest)", complaint)
        case .noBuild(let name, let version):
            let nearest = await nearest(name, version)
            return refusal("\(name) \(version) has no build for \(python).\(neededBy(name))\(nearest)", complaint)
        case .failedBuild(let name):
            return refusal(
                "\(name) has no build for \(python), and building it from its source failed. Choose another version.",
                complaint)
        case .conflict:
            let way = await wayOut(of: complaint)
            return refusal("The packages contradict each other. \(complaint.explanation)\(way)", complaint)
        case .notUnderstood:
            return refusal("The packages cannot be resolved. \(complaint.explanation)", complaint)
        }
    }

    private func refusal(_ sentence: String, _ complaint: UvComplaint) -> ServiceError {
        ServiceError(.invalidArgument, sentence, target: "condaFile", cause: complaint.explanation)
    }

    /// Says so when the culprit is not one of the packages that were asked for.
    private func neededBy(_ name: String) -> String {
        let isOwn = requirements.contains { RequirementLine.name(of: $0) == RequirementLine.name(of: name) }
        return isOwn ? "" : " Another package of the environment depends on it."
    }

    /// ` The nearest that exists for Python 3.11 is 1.7.2.`, or nothing when none does.
    private func nearest(_ name: String, _ version: String) async -> String {
        let plain = version.prefix { $0.isNumber || $0 == "." }
        let bound = plain.hasSuffix(".") ? String(plain.dropLast()) : String(plain)
        guard !bound.isEmpty else { return "" }
        let older = await only("\(name)<\(bound)", resolution: "highest")
        let newer = await only("\(name)>\(bound)", resolution: "lowest-direct")
        switch (older, newer) {
        case (let older?, let newer?):
            return " The nearest that exist for Python \(resolver.version) are \(older) and \(newer)."
        case (let one?, nil), (nil, let one?):
            return " The nearest that exists for Python \(resolver.version) is \(one)."
        case (nil, nil): return " No version of it exists for Python \(resolver.version)."
        }
    }

    private func only(_ requirement: String, resolution: String) async -> String? {
        let options = ["--no-deps", "--resolution", resolution]
        guard case .solved(let lock) = try? await resolver.compile([requirement], specification, options: options)
        else {
            return nil
        }
        return lock.first.flatMap(RequirementLine.exactVersion)
    }

    /// Tries to give up one bound after the other; the first that helps is the advice.
    private func wayOut(of complaint: UvComplaint) async -> String {
        for culprit in complaint.culprits(among: requirements).prefix(4) {
            let name = RequirementLine.name(of: culprit)
            guard culprit.count > name.count else { continue }
            let others = requirements.map { $0 == culprit ? name : $0 }
            guard case .solved(let lock) = try? await resolver.compile(others, specification),
                let used = lock.first(where: { RequirementLine.name(of: $0) == name })
            else { continue }
            return " With \(used) instead of \(culprit) they agree."
        }
        return ""
    }
}
