import LazuliResources

/// The curated environments, as data: one row each, newest last. A row is never changed, only followed by a newer
/// version.
public enum CuratedEnvironments {
    public static let all: [CuratedEnvironment] = [
        row(
            "AzureML-minimal", "1", "Python with the MLflow client and Azure sign-in, nothing else.",
            ["Framework": "none"], jobClients),
        row(
            "AzureML-sklearn-1.5", "1", "scikit-learn with pandas, plots and MLflow logging.",
            ["Framework": "scikit-learn"], tables + ["scikit-learn==1.5.2", "skops==0.13.0"]),
        row(
            "AzureML-lightgbm-4", "1", "LightGBM beside scikit-learn and pandas.",
            ["Framework": "LightGBM"], tables + ["scikit-learn==1.5.2", "skops==0.13.0", "lightgbm==4.6.0"]),
        row(
            "AzureML-xgboost-3", "1", "XGBoost (CPU build) beside scikit-learn and pandas.",
            ["Framework": "XGBoost"], tables + ["scikit-learn==1.5.2", "skops==0.13.0", "xgboost-cpu==3.2.0"]),
        row(
            "AzureML-tensorflow-2", "1", "TensorFlow and Keras, CPU build.",
            ["Framework": "TensorFlow"], tables + ["scikit-learn==1.5.2", "skops==0.13.0", "tensorflow-cpu==2.18.1"]),
        row(
            "AzureML-pytorch-2", "1",
            "PyTorch and torchvision as the package index has them (with CUDA libraries, large).",
            ["Framework": "PyTorch"],
            tables + ["scikit-learn==1.5.2", "skops==0.13.0", "torch==2.5.1", "torchvision==0.20.1"]),
    ]

    /// Runs are logged with MLflow, and `DefaultAzureCredential` works inside jobs.
    private static let jobClients = ["mlflow-skinny==3.17.2", "azure-identity==1.27.0"]
    private static let tables =
        jobClients + ["numpy==1.26.4", "pandas==2.2.3", "scipy==1.13.1", "matplotlib==3.9.4", "pyarrow==18.1.0"]

    private static func row(
        _ name: String, _ version: String, _ description: String, _ tags: [String: String], _ requirements: [String]
    ) -> CuratedEnvironment {
        CuratedEnvironment(
            name: name, version: version, description: description,
            tags: tags.merging(["OS": "Linux", "Python": "3.10 to 3.12"]) { first, _ in first },
            requirements: requirements)
    }

    /// Beginnings of names that Azure ML has or had, without `AzureML-`, in lower case. The first match counts.
    private static let formerNames: [(beginning: String, name: String)] = [
        ("sklearn", "AzureML-sklearn-1.5"), ("scikit-learn", "AzureML-sklearn-1.5"),
        ("tutorial", "AzureML-sklearn-1.5"), ("ai-studio", "AzureML-minimal"), ("automl", "AzureML-lightgbm-4"),
        ("lightgbm", "AzureML-lightgbm-4"), ("xgboost", "AzureML-xgboost-3"), ("tensorflow", "AzureML-tensorflow-2"),
        ("acpt", "AzureML-pytorch-2"), ("pytorch", "AzureML-pytorch-2"), ("minimal", "AzureML-minimal"),
        ("python-sdk", "AzureML-minimal"), ("inference", "AzureML-minimal"),
    ]

    public struct Found: Sendable, Equatable {
        public let environment: CuratedEnvironment
        /// Why it is not quite what was asked for; nil if it is.
        public let notice: String?
    }

    /// The kept environment for a name and version, both as anybody may have written them.
    ///
    /// Names that Azure ML has retired, and versions that exist only there, lead to the nearest kept environment, with
    /// a notice. Nil for a name that is no curated environment at all.
    public static func find(_ name: String, version: String? = nil) -> Found? {
        let plain = withoutPrefix(name.lowercased())
        if let exact = all.last(where: { withoutPrefix($0.name.lowercased()) == plain }) {
            let versions = all.filter { $0.name == exact.name }
            guard let version, version != "latest" else { return Found(environment: exact, notice: nil) }
            if let row = versions.first(where: { $0.version == version }) {
                return Found(environment: row, notice: nil)
            }
            return Found(
                environment: exact,
                notice: "\(exact.name) has no version \(version) here; version \(exact.version) is used instead.")
        }
        guard let former = formerNames.first(where: { plain.hasPrefix($0.beginning) }),
            let kept = all.last(where: { $0.name == former.name })
        else { return nil }
        return Found(
            environment: kept,
            notice: "The curated environment \"\(name)\" is not kept; \(kept.name) version \(kept.version) is used "
                + "instead, on a Python of this machine (\(CuratedEnvironment.python)). Its packages: "
                + "\(kept.requirements.joined(separator: ", ")).")
    }

    /// The same for a reference: `azureml://registries/azureml/environments/sklearn-1.5/labels/latest`,
    /// `azureml:AzureML-sklearn-1.5:1`, `AzureML-sklearn-1.5@latest`.
    public static func find(reference: String) -> Found? {
        let registry = "azureml://registries/"
        if reference.lowercased().hasPrefix(registry) {
            let parts = reference.dropFirst(registry.count).split(separator: "/").map(String.init)
            guard parts.count >= 3, parts[1] == "environments" else { return nil }
            return find(parts[2], version: parts.count >= 5 ? parts[4] : nil)
        }
        let plain = reference.hasPrefix("azureml:") ? reference.dropFirst("azureml:".count) : reference[...]
        let parts = plain.split { ":@".contains($0) }.map(String.init)
        guard let name = parts.first, parts.count <= 2 else { return nil }
        return find(name, version: parts.count == 2 ? parts[1] : nil)
    }

    /// For messages: `AzureML-minimal, AzureML-sklearn-1.5, …`.
    static var nameList: String {
        var names: [String] = []
        for row in all where !names.contains(row.name) { names.append(row.name) }
        return names.joined(separator: ", ")
    }

    private static func withoutPrefix(_ name: String) -> String {
        name.hasPrefix("azureml-") ? String(name.dropFirst("azureml-".count)) : name
    }
}
