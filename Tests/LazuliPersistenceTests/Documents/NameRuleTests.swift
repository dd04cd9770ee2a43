import LazuliPersistence
import LazuliResources
import Testing

@Suite("The rules of names")
struct NameRuleTests {
    @Test("Names of assets", arguments: ["a", "A-b_c.d", "_x", "9", String(repeating: "x", count: 255)])
    func assets(name: String) throws {
        try NameRule.asset.check(name, of: "a model")
    }

    @Test(
        "Names that no asset may have",
        arguments: [
            "", "-a", ".a", "a b", "a/b", "a:b", "ä", "a\n", "a\u{0}", "..", String(repeating: "x", count: 256),
        ])
    func noAssets(name: String) throws {
        let error = try #require(throws: ServiceError.self) { try NameRule.asset.check(name, of: "a model") }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("the name of a model"))
    }

    @Test("Names of endpoints", arguments: ["abc", "a-1", String(repeating: "x", count: 32)])
    func endpoints(name: String) throws {
        try NameRule.endpoint.check(name, of: "an endpoint")
    }

    @Test(
        "Names that no endpoint may have",
        arguments: ["ab", "1ab", "-ab", "a_b", "a.b", String(repeating: "x", count: 33)])
    func noEndpoints(name: String) {
        #expect(throws: ServiceError.self) { try NameRule.endpoint.check(name, of: "an endpoint") }
    }
}
