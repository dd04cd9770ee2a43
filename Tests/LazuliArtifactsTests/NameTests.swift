import LazuliArtifacts
import LazuliResources
import Testing

struct NameTests {
    @Test(
        "Ordinary and unusual file names are blob names",
        arguments: [
            "a", "a/b/c.csv", "with space", "ü/日本語.txt", "a+b=c%2F", "...", ".hidden", "a..b", "tilde~", "q?&#",
        ])
    func acceptsNames(_ name: String) throws {
        #expect(try BlobName(name).text == name)
    }

    @Test(
        "Names that leave their container, or that no file can have, are refused",
        arguments: [
            "", "/", "/a", "a/", "a//b", "..", ".", "../x", "a/../b", "a/..", "./a", "a/./b", "a\\b", "..\\x",
            "tab\there",
            "\u{7F}", "a/" + String(repeating: "x", count: 256), String(repeating: "a/", count: 512) + "a",
        ])
    func refusesNames(_ name: String) {
        #expect(throws: ServiceError.self) { try BlobName(name) }
    }

    @Test("Bytes that end a file name for the kernel, and line breaks, are refused")
    func refusesControlCharacters() {
        #expect(throws: ServiceError.self) { try BlobName("a\u{0}b") }
        #expect(throws: ServiceError.self) { try BlobName("line\nbreak") }
    }

    @Test("A refused name is an invalid argument, and its message shows it")
    func refusalSaysWhy() {
        let error = #expect(throws: ServiceError.self) { try BlobName("a/../b") }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("a/../b") == true)
    }

    @Test(
        "Container names follow the service's rules",
        arguments: [
            ("data", true), ("azureml-blobstore-1", true), ("a1b", true), ("ab", false), ("Data", false),
            ("a--b", false),
            ("-ab", false), ("ab-", false), (".uploads", false), ("..", false), ("a/b", false),
            (String(repeating: "x", count: 64), false),
        ])
    func containerNames(_ name: String, _ good: Bool) {
        #expect(((try? ContainerAddress(account: "lazuli", container: name)) != nil) == good)
    }

    @Test("Account names are lower-case letters and digits", arguments: ["ab", "Lazuli", "a-b", "../x", "", ".x"])
    func accountNames(_ name: String) {
        #expect(throws: ServiceError.self) { try ContainerAddress(account: name, container: "data") }
    }

    @Test(
        "A block id is base64 of 1 to 64 bytes",
        arguments: [
            ("QUFBQQ==", true), ("", false), ("not base64!", false), (String(repeating: "QUFB", count: 22), false),
        ])
    func blockIDs(_ text: String, _ good: Bool) {
        #expect(((try? BlockID(text)) != nil) == good)
    }
}
