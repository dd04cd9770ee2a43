/// The Python module that loads an exported model for MLflow; every exported folder carries a copy.
package enum ModelPredictor {
    /// The module's name, which MLflow imports.
    package static let moduleName = "lazuli_predictor"
    package static let source: [UInt8] = PackageResources.lazuli_predictor_py
}
