import Foundation
import Testing

@testable import LazuliProcesses

@Suite("What the end of a log says")
struct FailureExcerptTests {
    private let traceback = """
        epoch 1
        Traceback (most recent call last):
          File "/jobs/1/code/train.py", line 40, in <module>
            main()
          File "/jobs/1/code/train.py", line 12, in main
            x = frame["price"]
        KeyError: 'price'
        cleaning up
        """

    private func lines(_ text: String) -> [String] { text.components(separatedBy: "\n") }

    @Test("The last traceback gives its exception and the place it was raised at")
    func lastTraceback() throws {
        let text =
            traceback + "\nDuring handling of the above exception, another exception occurred:\n\n"
            + "Traceback (most recent call last):\n  File \"/a/b.py\", line 3, in f\n    g()\nValueError: no good\n"
        let excerpt = try #require(FailureExcerpt.from(lines: lines(text)))
        #expect(excerpt.sentence == "ValueError: no good (b.py, line 3, in f)")
        #expect(excerpt.lines.last == "ValueError: no good")
        #expect(
            try #require(FailureExcerpt.from(lines: lines(traceback))).sentence
                == "KeyError: 'price' (train.py, line 12, in main)")
    }

    @Test("A traceback that Python ignored is not the cause")
    func ignoredTraceback() throws {
        let text =
            traceback + "\nException ignored in: <function X.__del__>\nTraceback (most recent call last):\n"
            + "  File \"/x.py\", line 1, in __del__\nTypeError: late\n"
        #expect(try #require(FailureExcerpt.from(lines: lines(text))).sentence.hasPrefix("KeyError"))
    }

    @Test("Rank prefixes of distributed launchers are cut off")
    func ranks() throws {
        let text = lines(traceback).map { "[rank0]: " + $0 }
        #expect(try #require(FailureExcerpt.from(lines: text)).sentence.hasPrefix("KeyError: 'price' (train.py"))
    }

    @Test("Without a traceback the exception's line or the last line speaks")
    func noTraceback() throws {
        let syntax = "  File \"/c/t.py\", line 3\n    x ==\n        ^\nSyntaxError: invalid syntax\n"
        #expect(try #require(FailureExcerpt.from(lines: lines(syntax))).sentence == "SyntaxError: invalid syntax")
        let shell = "bash: line 1: trian: command not found\n\n"
        #expect(try #require(FailureExcerpt.from(lines: lines(shell))).sentence.hasSuffix("trian: command not found"))
        #expect(FailureExcerpt.from(lines: ["", " "]) == nil)
        #expect(FailureExcerpt.from(log: "/no/such/log") == nil)
    }

    @Test("The tail of a file: whole lines, progress bars as the screen shows them, a fragment left out")
    func tail() throws {
        let path = NSTemporaryDirectory() + "/lazuli-tail-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("one\ntwo\r\n 10%\r 50%\r100%\nh\u{e9}llo \u{1F30D}\nlast".utf8).write(to: URL(fileURLWithPath: path))
        #expect(LogTail.lastLines(of: path, count: 10) == ["one", "two", "100%", "h\u{e9}llo \u{1F30D}", "last"])
        #expect(LogTail.lastLines(of: path, count: 2) == ["h\u{e9}llo \u{1F30D}", "last"])
        #expect(LogTail.lastLines(of: path, count: 10, maxBytes: 9) == ["last"])
        #expect(LogTail.lastLines(of: path, count: 0).isEmpty)
        #expect(LogTail.lastLines(of: path + "-missing", count: 3).isEmpty)
        try Data([0xff, 0x41, 0x0a]).write(to: URL(fileURLWithPath: path))
        #expect(LogTail.lastLines(of: path, count: 1) == ["\u{FFFD}A"])
    }
}
