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

    /// Elements per row: nil if that is not fixed.
    package var rowWidth: Int? {
        let axes = shape.dropFirst()
        return axes.contains { $0 < 0 } ? nil : axes.reduce(1, *)
    }
}
