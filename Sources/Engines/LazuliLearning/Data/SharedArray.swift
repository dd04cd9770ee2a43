/// Numbers that never change: in memory of this process, or in a file that several processes have mapped, so that the
/// machine holds a large table once.
package struct SharedArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    private let elements: UnsafeBufferPointer<Element>
    /// Keeps the memory as long as anyone looks at it.
    private let owner: AnyObject

    package init(_ values: some Collection<Element>) {
        let memory = OwnMemory(values)
        self.init(UnsafeBufferPointer(memory.elements), owner: memory)
    }

    /// - Parameter elements: memory that is valid, and unchanged, as long as the owner lives.
    init(_ elements: UnsafeBufferPointer<Element>, owner: AnyObject) {
        self.elements = elements
        self.owner = owner
    }
}

extension SharedArray: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { elements.count }
    package subscript(place: Int) -> Element { elements[place] }

    package func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result? { try body(elements) }
}

extension SharedArray: ExpressibleByArrayLiteral {
    package init(arrayLiteral values: Element...) { self.init(values) }
}

extension SharedArray: Equatable where Element: Equatable {
    package static func == (one: Self, other: Self) -> Bool { one.elementsEqual(other) }
}

private final class OwnMemory<Element> {
    let elements: UnsafeMutableBufferPointer<Element>

    init(_ values: some Collection<Element>) {
        elements = .allocate(capacity: values.count)
        _ = elements.initialize(from: values)
    }

    deinit { elements.deallocate() }
}
