import LazuliResources
import Testing

@Suite("Suggestions for mistyped names")
struct NearestNameTests {
    private let keys = ["command", "environment", "inputs", "outputs", "compute"]

    @Test(
        "A slip of the hand finds the name it was meant to be",
        arguments: [
            ("comand", "command"), ("commmand", "command"), ("comamnd", "command"), ("COMMAND", "command"),
            ("enviroment", "environment"), ("input", "inputs"), ("ouputs", "outputs"), ("conpute", "compute"),
        ])
    func near(typed: String, meant: String) {
        #expect(NearestName.of(typed, among: keys) == meant)
        #expect(NearestName.hint(typed, among: keys) == " Did you mean \"\(meant)\"?")
    }

    @Test("What resembles nothing finds nothing", arguments: ["", "zzzzzz", "distribution", "xkcd"])
    func far(typed: String) {
        #expect(NearestName.of(typed, among: keys) == nil)
        #expect(NearestName.hint(typed, among: keys) == "")
    }

    @Test("Of two that are near the nearer one is taken")
    func nearest() {
        #expect(NearestName.of("train2", among: ["train10", "train1", "trains2"]) == "train1")
        #expect(NearestName.of("abcd", among: [String]()) == nil)
    }
}
