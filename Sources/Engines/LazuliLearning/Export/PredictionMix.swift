/// How the predictions of members, side by side, become the model's: a matrix and what is added.
///
/// A member of two classes may give the probability of the second class alone.
struct PredictionMix {
    /// Where a member's numbers begin among all, and how many they are.
    struct Slot {
        let member: Int
        let start: Int
        let width: Int
    }

    /// Outputs × numbers, output after output.
    private(set) var weights: [Double]
    private(set) var added: [Double]
    let inputs: Int

    private let task: LearningTask

    private init(_ task: LearningTask, outputs: Int, inputs: Int) {
        self.task = task
        self.inputs = inputs
        weights = Array(repeating: 0, count: outputs * inputs)
        added = Array(repeating: 0, count: outputs)
    }

    var outputs: Int { added.count }

    /// The weighted mean of all members.
    static func vote(_ slots: [Slot], weights: [Double], task: LearningTask) -> PredictionMix {
        var mix = PredictionMix(task, outputs: task.width, inputs: slots.reduce(0) { $0 + $1.width })
        for slot in slots {
            for output in 0..<task.width { mix.add(weights[slot.member], of: slot, output, to: output) }
        }
        return mix
    }

    /// The raw outputs of a linear model over means of members.
    static func stack(_ slots: [Slot], _ stack: FinalModel.Stack, task: LearningTask) -> PredictionMix {
        var mix = PredictionMix(task, outputs: stack.model.outputs, inputs: slots.reduce(0) { $0 + $1.width })
        mix.added = stack.model.intercepts
        let width = task.width, features = stack.inputs.count * width
        for (input, members) in stack.inputs.enumerated() {
            for slot in slots where members.contains(slot.member) {
                for number in 0..<width {
                    for output in 0..<mix.outputs {
                        let weight = stack.model.weights[output * features + input * width + number]
                        mix.add(weight / Double(members.count), of: slot, number, to: output)
                    }
                }
            }
        }
        return mix
    }

    /// Adds a multiple of one number that a member predicts to an output.
    private mutating func add(_ weight: Double, of slot: Slot, _ number: Int, to output: Int) {
        if slot.width == task.width {
            weights[output * inputs + slot.start + number] += weight
        } else if number == 1 {
            weights[output * inputs + slot.start] += weight
        } else {
            // The first class has what the second leaves.
            weights[output * inputs + slot.start] -= weight
            added[output] += weight
        }
    }

    /// Brings a regression's outputs back to the target's own unit.
    mutating func scale(_ target: TargetDescription) {
        guard case .regression = target.task else { return }
        weights = weights.map { $0 * target.scale }
        added = added.map { $0 * target.scale + target.shift }
    }

    private var changesNothing: Bool {
        outputs == inputs && added.allSatisfy { $0 == 0 }
            && weights.indices.allSatisfy { weights[$0] == ($0 / inputs == $0 % inputs ? 1 : 0) }
    }

    func write(_ predictions: String, to graph: inout OnnxBuilder) -> String {
        if changesNothing { return predictions }
        let matrix = graph.constant(.floats(weights.map { Float($0) }, [outputs, inputs]))
        let added = graph.constant(.floats(added.map { Float($0) }))
        return graph.node("Gemm", [predictions, matrix, added], attributes: ["transB": .integer(1)])
    }
}
