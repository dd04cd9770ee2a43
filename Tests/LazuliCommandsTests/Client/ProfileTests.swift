import Foundation
import LazuliResources
import Testing

@testable import LazuliClient

@Suite struct ProfileTests {
    private func home(_ files: [String: String]) throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/lazuli-home-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name)) }
        return path
    }

    private static let server =
        #"{"pid":1,"api":"https://localhost:8443","blob":"https://localhost:8444","ca":"/ca.pem","subscription":"s","resourceGroup":"g","workspace":"w","tenant":"t"}"#

    @Test("a server on this machine is found by its files")
    func findsLocalServer() throws {
        let home = try home(["server.json": Self.server, "client.json": #"{"identityHeader":"h"}"#])
        defer { try? FileManager.default.removeItem(atPath: home) }
        let profile = try ProfileDiscovery(home: home, environment: [:]).profile()
        #expect(profile.api == "https://localhost:8443")
        #expect(profile.credential == .identityHeader("h"))
        #expect(profile.identityEndpoint == "https://localhost:8443/msi/token")
        #expect(profile.scope.workspace == "w")
        #expect(profile.remedy.contains("lazuli up --home"))
    }

    @Test("a service principal in the environment wins over the local owner")
    func prefersServicePrincipal() throws {
        let home = try home(["server.json": Self.server, "client.json": #"{"identityHeader":"h"}"#])
        defer { try? FileManager.default.removeItem(atPath: home) }
        let environment = ["AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "x", "AZURE_TENANT_ID": "t"]
        let profile = try ProfileDiscovery(home: home, environment: environment).profile()
        #expect(profile.credential == .clientSecret(tenant: "t", client: "c", secret: "x"))
    }

    @Test("another machine's server is found by the environment, or by remote.json")
    func findsRemoteServer() throws {
        let environment = [
            "LAZULI_URL": "https://host:1/", "LAZULI_CA": "/c.pem", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "x",
            "AZURE_TENANT_ID": "t",
        ]
        let byVariables = try ProfileDiscovery(home: "/nowhere", environment: environment).profile()
        #expect(byVariables.api == "https://host:1")
        #expect(byVariables.certificateAuthority == "/c.pem")
        let home = try home([
            "remote.json": #"{"api":"https://host:2","tenant":"t","clientId":"c","clientSecret":"x","workspace":"w"}"#
        ])
        defer { try? FileManager.default.removeItem(atPath: home) }
        #expect(try ProfileDiscovery(home: home, environment: [:]).profile().api == "https://host:2")
    }

    @Test("without a server the message says what to type")
    func tellsWhatToType() {
        let error = #expect(throws: ServiceError.self) {
            try ProfileDiscovery(home: "/nowhere", environment: [:]).profile()
        }
        #expect(error?.message.contains("lazuli up") ?? false)
    }

    @Test("a broken file is told by name")
    func tellsBrokenFile() throws {
        let home = try home(["server.json": "{"])
        defer { try? FileManager.default.removeItem(atPath: home) }
        let error = #expect(throws: ServiceError.self) { try ProfileDiscovery(home: home, environment: [:]).profile() }
        #expect(error?.message.contains("server.json") ?? false)
    }

    @Test("a server that does not answer is told with what to type")
    func tellsUnreachableServer() async throws {
        let profile = Profile(
            api: "https://127.0.0.1:1", credential: .identityHeader("h"), tenant: "t",
            scope: WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w"),
            remedy: "Start it with: lazuli up")
        let connection = try Connection(profile: profile)
        let error = await #expect(throws: ServiceError.self) { try await connection.arm.get("/x") }
        await connection.close()
        #expect(error?.message == "The Lazuli server at 127.0.0.1:1 does not answer. Start it with: lazuli up")
    }
}
