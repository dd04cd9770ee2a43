import LazuliARMFace
import LazuliResources
import Testing

@Suite("Errors as the management API tells them")
struct ErrorMappingTests {
    private func json(_ reply: Reply) -> JSON {
        if case .json(let json) = reply.body { json } else { .null }
    }

    @Test(
        "Each code has its status",
        arguments: [
            (ServiceError.Code.invalidArgument, 400), (.malformedBody, 400), (.unauthenticated, 401), (.forbidden, 403),
            (.notFound, 404), (.methodNotAllowed, 405), (.conflict, 409), (.immutable, 409), (.preconditionFailed, 412),
            (.tooLarge, 413), (.notImplemented, 501), (.insufficientStorage, 507), (.internalError, 500),
            (.init(rawValue: "NeverHeardOf"), 500),
        ])
    func statuses(code: ServiceError.Code, status: Int) {
        #expect(ErrorMapping.reply(for: ServiceError(code, "x")).status == status)
    }

    @Test("The body is ARM's: code, message, target and details")
    func body() {
        let details = ["$.a", "$.b"].map { (path: String) in
            ServiceError(.invalidArgument, "Bad \(path).", target: path)
        }
        let error = ServiceError(.invalidArgument, "Two.", target: "$.a", details: details, cause: "hidden")
        #expect(
            json(ErrorMapping.reply(for: error)) == [
                "error": [
                    "code": "ValidationError", "message": "Two.", "target": "$.a",
                    "details": [
                        ["code": "ValidationError", "message": "Bad $.a.", "target": "$.a"],
                        ["code": "ValidationError", "message": "Bad $.b.", "target": "$.b"],
                    ],
                ]
            ])
    }

    @Test("A fault of the server's own tells nothing of its inside")
    func unexpected() {
        struct Leak: Error { let password = "hunter2" }
        let reply = ErrorMapping.reply(for: Leak())
        #expect(reply.status == 500)
        #expect(json(reply)["error"]["code"] == "InternalError")
        #expect(!json(reply).text.contains("hunter2"))
    }

    @Test("A technical cause stays in the log")
    func causes() {
        let reply = ErrorMapping.reply(for: ServiceError(.insufficientStorage, "Full.", cause: "ENOSPC at 0xdead"))
        #expect(!json(reply).text.contains("0xdead"))
    }
}
