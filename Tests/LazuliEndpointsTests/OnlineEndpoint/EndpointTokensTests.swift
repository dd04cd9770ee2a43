import LazuliEndpoints
import Testing

@Suite("Tokens of an endpoint")
struct EndpointTokensTests {
    private let tokens = EndpointTokens(secret: "a long secret", endpoint: "fraud")

    @Test("A token tells when it ends, to whoever knows the endpoint's secret")
    func roundTrip() {
        for expiry in [0, 1, 1_790_000_000, Int(Int32.max) + 1] {
            let token = tokens.token(expiry: expiry)
            #expect(tokens.expiry(of: token) == expiry)
            #expect(EndpointTokens(secret: "a long secret", endpoint: "FRAUD").expiry(of: token) == expiry)
        }
    }

    @Test("Another endpoint's token is none, and neither is one of another secret")
    func strangers() {
        let token = tokens.token(expiry: 1_790_000_000)
        #expect(EndpointTokens(secret: "a long secret", endpoint: "other").expiry(of: token) == nil)
        #expect(EndpointTokens(secret: "a new secret", endpoint: "fraud").expiry(of: token) == nil)
    }

    @Test("A token with a later end than was sealed is none")
    func longer() throws {
        let token = tokens.token(expiry: 1_000)
        let seal = try #require(token.split(separator: ".").last)
        #expect(tokens.expiry(of: "2000.\(seal)") == nil)
        #expect(tokens.expiry(of: "1000.\(seal)") == 1_000)
    }

    @Test("A letter changed anywhere in the seal voids it")
    func tampered() throws {
        let token = tokens.token(expiry: 1_000)
        let start = try #require(token.firstIndex(of: "."))
        // The last letter before the padding has two bits that mean nothing.
        for place in token.indices.filter({ $0 > start }).dropLast(2) {
            var changed = token
            changed.replaceSubrange(place...place, with: token[place] == "A" ? "B" : "A")
            #expect(tokens.expiry(of: changed) == nil)
        }
    }

    @Test("Other texts are no tokens", arguments: ["", ".", "1000", "1000.", ".abc", "x.abcd", "1000.!!!!", "a key"])
    func others(text: String) {
        #expect(tokens.expiry(of: text) == nil)
    }
}
