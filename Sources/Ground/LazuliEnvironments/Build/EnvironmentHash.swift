import Crypto
import Foundation
import LazuliResources

/// The name of an environment by its content: the same packages for the same Python on the same platform are the same
/// environment, whatever it is called and however its lines are ordered.
enum EnvironmentHash {
    static func of(_ specification: EnvironmentSpecification, python: PythonVersion) -> String {
        let requirements = Set(specification.requirements.map(canonical)).sorted()
        let indexes = Set(specification.extraIndexes).sorted()
        let text = (["lazuli environment 1", platform, "python \(python)"] + requirements + indexes)
            .joined(separator: "\n")
        return SHA256.hash(data: Data(text.utf8)).prefix(16).hexadecimal
    }

    /// `Scikit_Learn == 1.5` → `scikit-learn==1.5`. Markers keep their blanks: they part words there.
    static func canonical(_ requirement: String) -> String {
        let name = requirement.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
        let rest = requirement[name.endIndex...]
        let kept = rest.contains(";") || rest.contains("@") ? rest.trimmed : rest.filter { !$0.isWhitespace }
        return RequirementLine.name(of: requirement) + kept
    }

    #if arch(x86_64)
        static let platform = "linux x86_64"
    #elseif arch(arm64)
        static let platform = "linux aarch64"
    #else
        static let platform = "unknown"
    #endif
}
