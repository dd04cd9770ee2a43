import LazuliResources
import Testing

@Suite("Service errors")
struct ServiceErrorTests {
    @Test("No problems make no error")
    func none() {
        #expect(ServiceError.collecting([], in: "The body") == nil)
    }

    @Test("One problem keeps its code and message")
    func one() throws {
        let problem = ServiceError(.notFound, "Gone.", target: "$.a")
        let error = try #require(ServiceError.collecting([problem], in: "The body"))
        #expect(error.code == .notFound)
        #expect(error.message == "Gone.")
        #expect(error.details == [problem])
    }

    @Test("Several problems become one that names each")
    func several() throws {
        let problems = ["One.", "Two."].map { ServiceError(.notFound, $0, target: $0) }
        let error = try #require(ServiceError.collecting(problems, in: "The body"))
        #expect(error.code == .invalidArgument)
        #expect(error.message == "The body has 2 problems. One. Two.")
        #expect(error.target == "One.")
        #expect(error.description.contains("\n  - Two."))
    }

    @Test("A route that is not built says so and names its operation")
    func notBuilt() async throws {
        let route = Route.notBuilt("POST", "/x", "X_Do", action: nil, because: "Not yet.")
        #expect(route.coverage == .notBuilt)
        let call = Call(caller: Caller(objectID: "id", name: "n"), baseURL: "https://localhost")
        let error = try await #require(throws: ServiceError.self) { try await route.handle(call) }
        #expect(error == ServiceError(.notImplemented, "Not yet.", target: "X_Do"))
        #expect(throws: ServiceError.self) { try call.parameter("name") }
    }
}
