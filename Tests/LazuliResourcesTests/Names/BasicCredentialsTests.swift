import Foundation
import LazuliResources
import Testing

@Suite("Basic credentials")
struct BasicCredentialsTests {
    private func header(_ plain: String) -> String { "Basic " + Data(plain.utf8).base64EncodedString() }

    @Test("A password may hold colons, and either part may be empty")
    func parts() {
        #expect(BasicCredentials(header: header("me:a:b"))?.password == "a:b")
        #expect(BasicCredentials(header: header("me:a:b"))?.name == "me")
        #expect(BasicCredentials(header: header(":"))?.name == "")
    }

    @Test("Another scheme, text that is no base64 and a name without a colon are none")
    func malformed() {
        #expect(BasicCredentials(header: "Bearer abc") == nil)
        #expect(BasicCredentials(header: "Basic ?") == nil)
        #expect(BasicCredentials(header: "Basic") == nil)
        #expect(BasicCredentials(header: header("me")) == nil)
    }
}
