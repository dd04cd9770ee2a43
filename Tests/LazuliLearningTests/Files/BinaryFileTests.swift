import Foundation
import Testing

@testable import LazuliLearning

@Suite("Files between training processes")
struct BinaryFileTests {
    private let path = NSTemporaryDirectory() + "lazuli-binary-\(UUID().uuidString)"

    @Test("Numbers are read as they lie, whatever stands before them, and outlive their file")
    func shared() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let large = (0..<400_000).map { Double($0) / 3 }
        try BinaryFile.write(path) {
            $0.text("odd")
            $0.array(SharedArray([Float(1), .infinity]))
            $0.array(large)
            $0.text("")
            $0.array([Int32]())
        }
        let read = try BinaryFile.read(path) { (reader) throws(LearningFault) in
            let word = try reader.text()
            let floats = try reader.shared(Float.self)
            let doubles = try reader.shared(Double.self)
            return (word, floats, doubles, try reader.text(), try reader.array(Int32.self))
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(read.0 == "odd" && read.1 == [1, .infinity] && read.3.isEmpty && read.4.isEmpty)
        #expect(read.2.elementsEqual(large))
    }

    @Test("A file that is cut off, missing or not to be written is told of")
    func refuses() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: LearningFault.self) {
            try BinaryFile.read(path) { (reader) throws(LearningFault) in try reader.count() }
        }
        try BinaryFile.write(path) { $0.count(1_000) }
        #expect(throws: LearningFault("A file between training processes is cut off.")) {
            try BinaryFile.read(path) { (reader) throws(LearningFault) in try reader.array(Double.self) }
        }
        #expect(throws: LearningFault("Cannot write /dev/full: No space left on device. Check the free space.")) {
            try BinaryFile.write("/dev/full") { $0.array(Array(repeating: 1.0, count: 300_000)) }
        }
    }
}
