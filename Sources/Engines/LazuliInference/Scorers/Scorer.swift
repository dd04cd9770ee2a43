/// A loaded model: tensors in, tensors out. Not to be used from two threads at once.
package protocol Scorer: AnyObject {
    var inputs: [TensorSpec] { get }
    var outputs: [TensorSpec] { get }
    /// What does the work, for people: a library with its version, or our own evaluator.
    var engine: String { get }

    /// Scores the rows in the inputs and writes the outputs, both in the order of the specifications.
    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault)
}

extension Scorer {
    package func makeInputs() -> [Tensor] { inputs.map { Tensor($0.type) } }
    package func makeOutputs() -> [Tensor] { outputs.map { Tensor($0.type) } }
}
