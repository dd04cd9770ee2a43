/// What a model wants or gives at one of its inputs or outputs.
package struct TensorSpec: Sendable, Equatable {
    package let name: String
    package let type: ElementType
    /// −1 where any length goes; the first axis counts the rows.
    package let shape: [Int]

    package init(name: String, type: ElementType, shape: [Int]) {
        self.name = name
        self.type = type
        self.shape = shape
    }

    private static let longestRow = 1 << 31

    /// Elements per row: nil if that is not fixed.
    package var rowWidth: Int? {
        let axes = shape.dropFirst()
        var width = 1
        for length in axes {
            guard length >= 0, length <= Self.longestRow, width <= Self.longestRow else { return nil }
            width *= length
        }
        return width
    }
}
