import Foundation
import LazuliAccess
import LazuliPersistence
import LazuliResources
import Synchronization

/// A clock that stands still until it is told otherwise.
final class HandClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_800_000_000_000)
    var clock: WallClock { WallClock { self.milliseconds.withLock { $0 } } }
    func advance(seconds: Int) { milliseconds.withLock { $0 += Int64(seconds) * 1000 } }
}

/// The feature over a state folder of its own, which is removed afterwards.
struct AccessFixture {
    static let workspace = WorkspaceScope(subscription: "sub", resourceGroup: "rg", workspace: "ws").id
    static let baseURL = "https://localhost:1234"

    let folder: URL
    let hands: HandClock
    let access: AccessFeature

    static func with<Value>(_ body: (AccessFixture) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lazuli-access-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let hands = HandClock()
        let access = try await open(folder, hands.clock)
        return try await body(AccessFixture(folder: folder, hands: hands, access: access))
    }

    static func open(_ folder: URL, _ clock: WallClock, baseURL: String = baseURL) async throws -> AccessFeature {
        let database = try StateDatabase(
            path: folder.appending(path: "lazuli.sqlite").path, migrations: AccessFeature.migrations)
        return try await AccessFeature(
            database: database,
            settings: AccessSettings(baseURL: baseURL, keyFolder: folder.appending(path: "keys")), clock: clock)
    }

    var ownerCaller: Caller { Caller(objectID: access.owner.objectID, name: access.owner.displayName) }

    /// A program with one role, made a second after what was made before.
    func program(_ role: Role, at scope: String = "/", named name: String = "app") async throws -> Caller {
        hands.advance(seconds: 1)
        let principal = try await access.principals.create(displayName: name).principal
        _ = try await access.roleAssignments.create(
            role, to: principal, at: AccessScope(parsing: scope), by: ownerCaller)
        return Caller(objectID: principal.objectID, name: principal.displayName)
    }

    func isAllowed(_ action: String, _ caller: Caller, at scope: String = workspace) async -> Bool {
        do {
            try await access.authorizer.require(action, of: caller, at: scope)
            return true
        } catch { return false }
    }

    /// Calls the row of that method and path, a second after what went before.
    func call(
        _ method: String, _ path: String, _ parameters: [String: String] = [:], query: [String: String] = [:],
        body: JSON = .null, as caller: Caller? = nil
    ) async throws -> (status: Int, body: JSON) {
        guard let route = access.routes.first(where: { $0.method == method && $0.path == path }) else {
            throw ServiceError(.notFound, "No row \(method) \(path)")
        }
        hands.advance(seconds: 1)
        let reply = try await route.handle(
            Call(
                method: method, parameters: parameters, query: query, body: body, caller: caller ?? ownerCaller,
                baseURL: Self.baseURL))
        guard case .json(let json) = reply.body else { return (reply.status, .null) }
        return (reply.status, json)
    }
}

/// The error that `body` throws, as the type the test expects; nil when it throws none or another.
func failure<E: Error>(_ type: E.Type, _ body: () async throws -> some Any) async -> E? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? E }
}
