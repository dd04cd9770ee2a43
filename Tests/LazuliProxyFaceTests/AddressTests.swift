import Testing

@testable import LazuliProxyFace

@Suite("Addresses that the proxy is asked for")
struct AddressTests {
    @Test("Host and port of a tunnel are read, names in lower case")
    func tunnels() {
        #expect(TunnelAddress("Login.Example:443").map { [$0.host, "\($0.port)"] } == ["login.example", "443"])
        #expect(TunnelAddress("[::1]:8443").map { [$0.host, "\($0.port)"] } == ["::1", "8443"])
    }

    @Test(
        "What is no address is none",
        arguments: ["", ":443", "host", "host:", "host:0", "host:65536", "[::1", "host:x"])
    func noTunnel(text: String) { #expect(TunnelAddress(text) == nil) }

    @Test("A plain address has a path in any case")
    func plain() {
        #expect(PlainAddress("http://a.b:81/c")?.path == "/c")
        #expect(PlainAddress("http://a.b")?.path == "/")
        #expect(PlainAddress("HTTP://A.b?q=1").map { [$0.host, $0.path, "\($0.port)"] } == ["a.b", "/?q=1", "80"])
        #expect(PlainAddress("https://a.b/") == nil)
        #expect(PlainAddress("/score") == nil)
    }

    @Test(
        "The cloud's names lead to the listener that answers for them",
        arguments: [
            ("login.microsoftonline.com", ServedHosts.Listener.management), ("Management.Azure.com", .management),
            ("ml.azure.com", .management), ("westeurope.api.azureml.ms", .management),
            ("lazuli.blob.core.windows.net", .blob), ("mnist-endpt-1.azurewebsites.net", .scoring),
            ("e.westeurope.inference.ml.azure.com", .scoring), ("guid.westeurope.azurecontainer.io", .scoring),
        ])
    func served(host: String, listener: ServedHosts.Listener) { #expect(ServedHosts.listener(for: host) == listener) }

    @Test(
        "Every other name is the world's",
        arguments: [
            "example.org", "azurewebsites.net", ".azurewebsites.net", "evilazurewebsites.net",
            "management.azure.com.evil.org",
            "graph.microsoft.com", "lazuli.table.core.windows.net",
        ])
    func world(host: String) { #expect(ServedHosts.listener(for: host) == nil) }
}
