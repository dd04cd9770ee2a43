import Glibc

/// The memory of one tensor, used again from request to request: it grows, and never shrinks.
///
/// Texts lie one after the other in a memory of their own, each ended by a zero byte as C libraries want it; the
/// elements then say where each begins and how long it is.
package final class Tensor {
    package let type: ElementType
    package var shape: [Int] = []
    /// The elements, row-major.
    package private(set) var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private var texts: UnsafeMutablePointer<UInt8>
    private var textCapacity = 0
    private var textEnd = 0

    /// Where a text stands; laid out in the eight bytes of an element.
    package struct TextPlace {
        var start: UInt32
        var length: UInt32
    }

    package init(_ type: ElementType) {
        self.type = type
        capacity = 64
        memory = .allocate(byteCount: 64, alignment: 64)
        texts = .allocate(capacity: 0)
    }

    deinit {
        memory.deallocate()
        texts.deallocate()
    }

    package var count: Int { shape.reduce(1, *) }
    package var byteCount: Int { count * type.size }

    /// Makes room for that many elements and keeps those that stand here already.
    @inline(__always)
    package func reserve(_ elements: Int) {
        if elements * type.size > capacity { grow(elements * type.size) }
    }

    private func grow(_ bytes: Int) {
        let larger = max(bytes, 2 * capacity)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
        moved.copyMemory(from: memory, byteCount: capacity)
        memory.deallocate()
        memory = moved
        capacity = larger
    }

    /// Forgets all texts; the elements that pointed at them are to be written anew.
    package func removeTexts() { textEnd = 0 }

    @inline(__always)
    package func elements<Element>(as type: Element.Type = Element.self) -> UnsafeMutablePointer<Element> {
        memory.assumingMemoryBound(to: type)
    }

    /// Sets an element to a text. The room for the element is reserved already.
    package func setText(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
        let place = room(forText: bytes.count)
        if let source = bytes.baseAddress { (texts + place).update(from: source, count: bytes.count) }
        elements(as: TextPlace.self)[index] = TextPlace(start: UInt32(place), length: UInt32(bytes.count))
    }

    private func room(forText length: Int) -> Int {
        let place = textEnd
        if place + length + 1 > textCapacity {
            textCapacity = max(2 * textCapacity, place + length + 1, 256)
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: textCapacity)
            larger.update(from: texts, count: place)
            texts.deallocate()
            texts = larger
        }
        texts[place + length] = 0
        textEnd = place + length + 1
        return place
    }

    /// The text at an element, valid until texts are added.
    @inline(__always)
    package func text(at index: Int) -> UnsafeBufferPointer<UInt8> {
        let place = elements(as: TextPlace.self)[index]
        return UnsafeBufferPointer(start: texts + Int(place.start), count: Int(place.length))
    }

    /// Replaces the whole content by numbers from elsewhere.
    package func copy(_ source: UnsafeRawPointer, shape: [Int]) {
        self.shape = shape
        reserve(count)
        memory.copyMemory(from: source, byteCount: byteCount)
    }
}
