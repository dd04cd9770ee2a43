import Glibc
import LazuliTrees

/// A matrix of doubles on its way through a program: where it lies, and its shape.
struct RowSlot: Equatable {
    let place: Int
    let width: Int
    /// Rows of this matrix per row of the request.
    var factor = 1
    /// Whether the graph keeps these numbers in double precision.
    var isDouble = false

    var length: Int { width * factor }

    func with(isDouble: Bool) -> RowSlot {
        RowSlot(place: place, width: width, factor: factor, isDouble: isDouble)
    }
}

/// What an operation reads: a matrix, or the same numbers for every row.
enum RowOperand {
    case slot(RowSlot)
    case constant([Double])

    /// How many numbers a row has; 1 goes with every width.
    var width: Int {
        switch self {
        case .slot(let slot): slot.width
        case .constant(let numbers): numbers.count
        }
    }

    var factor: Int? { if case .slot(let slot) = self { slot.factor } else { nil } }
    var isDouble: Bool { if case .slot(let slot) = self { slot.isDouble } else { false } }
}

/// An operation that works on each row by itself. Numbers are kept in double precision; what the graph computes element
/// by element is rounded to single precision, as it would be there.
enum RowOperation {
    enum Unary {
        case isMissing, isInfinite, logistic, exponential, logarithm, negative, softplus
        case clip(Double, Double)
    }
    enum Binary {
        case add, subtract, multiply, isGreater
    }

    case encode(FeatureEncoding, to: RowSlot)
    case trees(Forest, Forest.Scratch, start: [Double], divisor: Double, from: RowSlot, to: RowSlot)
    case choose([Int], from: RowSlot, to: RowSlot)
    case unary(Unary, from: RowSlot, to: RowSlot)
    case binary(Binary, RowOperand, RowOperand, to: RowSlot)
    case select(RowSlot, RowOperand, RowOperand, to: RowSlot)
    /// Weights: outputs × inputs, output after output.
    case linear([Double], added: [Double], from: RowSlot, to: RowSlot)
    /// The same for many weights, in single precision.
    case dense(DenseLayer, from: RowSlot, to: RowSlot)
    case softmax(from: RowSlot, to: RowSlot)
    /// The largest number of each row.
    case most(from: RowSlot, to: RowSlot)
    case join([RowSlot], to: RowSlot)
    /// The place of the largest number of each row.
    case placeOfMost(from: RowSlot, to: RowSlot)
}

/// The memory of a program's matrices.
final class RowMemory {
    private var slots: [UnsafeMutablePointer<Double>] = []
    private let lengths: [Int]
    private var capacity = 0

    /// - Parameter lengths: numbers per row of each matrix.
    init(lengths: [Int]) {
        self.lengths = lengths
        reserve(8)
    }

    deinit { for slot in slots { slot.deallocate() } }

    func reserve(_ rows: Int) {
        guard rows > capacity else { return }
        capacity = max(rows, 2 * capacity)
        for slot in slots { slot.deallocate() }
        slots = lengths.map { .allocate(capacity: max(1, $0 * capacity)) }
    }

    @inline(__always)
    subscript(slot: RowSlot) -> UnsafeMutablePointer<Double> { slots[slot.place] }
}

extension RowOperation {
    func run(_ memory: RowMemory, inputs: [Tensor], rows: Int) throws(ScoringFault) {
        switch self {
        case .encode(let encoding, let to):
            memory[to].update(repeating: 0, count: rows * to.length)
            try encoding.encode(inputs, rows: rows, into: memory[to])
        case .trees(let forest, let scratch, let start, let divisor, let from, let to):
            let target = memory[to]
            target.update(repeating: 0, count: rows * to.length)
            forest.add(rows: memory[from], count: rows * from.factor, to: target, in: scratch)
            for row in 0..<rows * to.factor {
                for index in 0..<to.width {
                    let place = row * to.width + index
                    target[place] = target[place] / divisor + start[index]
                }
            }
        case .choose(let columns, let from, let to): Self.choose(columns, from, to, memory, rows)
        case .unary(let operation, let from, let to): Self.unary(operation, from, to, memory, rows)
        case .binary(let operation, let left, let right, let to):
            Self.binary(operation, left, right, to, memory, rows)
        case .select(let condition, let yes, let no, let to): Self.select(condition, yes, no, to, memory, rows)
        case .linear(let weights, let added, let from, let to):
            Self.linear(weights, added, from, to, memory, rows)
        case .dense(let layer, let from, let to):
            layer.apply(to: memory[from], rows: rows * from.factor, result: memory[to])
        case .softmax(let from, let to):
            memory[to].update(from: memory[from], count: rows * from.length)
            for row in 0..<rows * from.factor { Softmax.apply(memory[to] + row * to.width, to.width) }
        case .most(let from, let to):
            for row in 0..<rows * from.factor {
                let values = UnsafeBufferPointer(start: memory[from] + row * from.width, count: from.width)
                memory[to][row] = values.max() ?? 0
            }
        case .join(let parts, let to): Self.join(parts, to, memory, rows)
        case .placeOfMost(let from, let to):
            for row in 0..<rows * from.factor {
                let values = UnsafeBufferPointer(start: memory[from] + row * from.width, count: from.width)
                memory[to][row] = Double(
                    values.indices.max { values[$0] < values[$1] || ($0 > $1 && values[$0] == values[$1]) } ?? 0)
            }
        }
    }

    private static func choose(_ columns: [Int], _ from: RowSlot, _ to: RowSlot, _ memory: RowMemory, _ rows: Int) {
        let source = memory[from], target = memory[to]
        columns.withUnsafeBufferPointer { columns in
            for row in 0..<rows * from.factor {
                let own = source + row * from.width, chosen = target + row * to.width
                for index in columns.indices { chosen[index] = own[columns[index]] }
            }
        }
    }

    private static func unary(
        _ operation: Unary, _ from: RowSlot, _ to: RowSlot, _ memory: RowMemory, _ rows: Int
    ) {
        let source = memory[from], target = memory[to]
        for index in 0..<rows * from.length {
            let value = source[index]
            target[index] =
                switch operation {
                case .isMissing: value.isNaN ? 1 : 0
                case .isInfinite: value.isInfinite ? 1 : 0
                case .logistic: 1 / (1 + exp(-value))
                case .exponential: exp(value)
                case .logarithm: log(value)
                // A missing value stays one.
                case .clip(let least, let most): value < least ? least : value > most ? most : value
                case .negative: -value
                case .softplus: max(value, 0) + log1p(exp(-abs(value)))
                }
        }
    }

    /// Calls with the numbers of both operands, the place of the result and its width.
    @inline(__always)
    private static func pairs(
        _ left: RowOperand, _ right: RowOperand, _ to: RowSlot, _ memory: RowMemory, _ rows: Int,
        _ body: (Double, Double) -> Double
    ) {
        let target = memory[to]
        with(left, memory) { left, leftRow, leftStep in
            with(right, memory) { right, rightRow, rightStep in
                for row in 0..<rows * to.factor {
                    let own = target + row * to.width, leftOwn = left + row * leftRow, rightOwn = right + row * rightRow
                    for index in 0..<to.width {
                        own[index] = body(leftOwn[index * leftStep], rightOwn[index * rightStep])
                    }
                }
            }
        }
    }

    /// An operand's numbers, how far its rows lie apart, and how far the numbers of a row do.
    @inline(__always)
    private static func with(
        _ operand: RowOperand, _ memory: RowMemory, _ body: (UnsafePointer<Double>, Int, Int) -> Void
    ) {
        let step = operand.width == 1 ? 0 : 1
        switch operand {
        case .slot(let slot): body(UnsafePointer(memory[slot]), slot.width, step)
        case .constant(let numbers):
            numbers.withUnsafeBufferPointer { if let start = $0.baseAddress { body(start, 0, step) } }
        }
    }

    private static func binary(
        _ operation: Binary, _ left: RowOperand, _ right: RowOperand, _ to: RowSlot, _ memory: RowMemory, _ rows: Int
    ) {
        switch operation {
        case .add where to.isDouble: pairs(left, right, to, memory, rows) { $0 + $1 }
        case .add: pairs(left, right, to, memory, rows) { Double(Float($0) + Float($1)) }
        case .subtract where to.isDouble: pairs(left, right, to, memory, rows) { $0 - $1 }
        case .subtract: pairs(left, right, to, memory, rows) { Double(Float($0) - Float($1)) }
        case .multiply where to.isDouble: pairs(left, right, to, memory, rows) { $0 * $1 }
        case .multiply: pairs(left, right, to, memory, rows) { Double(Float($0) * Float($1)) }
        case .isGreater: pairs(left, right, to, memory, rows) { $0 > $1 ? 1 : 0 }
        }
    }

    private static func select(
        _ condition: RowSlot, _ yes: RowOperand, _ no: RowOperand, _ to: RowSlot, _ memory: RowMemory, _ rows: Int
    ) {
        let chosen = memory[condition]
        var place = 0
        pairs(yes, no, to, memory, rows) { yes, no in
            defer { place += 1 }
            return chosen[place] != 0 ? yes : no
        }
    }

    private static func linear(
        _ weights: [Double], _ added: [Double], _ from: RowSlot, _ to: RowSlot, _ memory: RowMemory, _ rows: Int
    ) {
        let source = memory[from], target = memory[to]
        weights.withUnsafeBufferPointer { weights in
            for row in 0..<rows * from.factor {
                let own = source + row * from.width
                for output in 0..<to.width {
                    var sum = added[output]
                    let first = output * from.width
                    for index in 0..<from.width { sum += weights[first + index] * own[index] }
                    target[row * to.width + output] = sum
                }
            }
        }
    }

    private static func join(_ parts: [RowSlot], _ to: RowSlot, _ memory: RowMemory, _ rows: Int) {
        var start = 0
        for part in parts {
            for row in 0..<rows * to.factor {
                (memory[to] + row * to.width + start).update(from: memory[part] + row * part.width, count: part.width)
            }
            start += part.width
        }
    }
}
