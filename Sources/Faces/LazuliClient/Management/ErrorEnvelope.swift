public import LazuliResources

/// Reads the error bodies of the server: ARM's envelope, OAuth's pair, MLflow's, or none at all.
public enum ErrorEnvelope {
    /// The error that an unsuccessful answer stands for.
    ///
    /// - Parameter deed: what was being done, for answers that say nothing themselves ("asking for a token").
    public static func error(in answer: Answer, while deed: String) -> ServiceError {
        let body = (try? answer.json()) ?? .null
        var error =
            body["error"].object.map { serviceError(JSON.object($0)) } ?? flatError(body)
            ?? ServiceError(fallbackCode(answer.status), plainSentence(answer, body, deed))
        if answer.status == 404 { error.code = .notFound }
        if answer.status == 401, error.message.isEmpty || error.code == .internalError {
            error = ServiceError(.unauthenticated, "The server does not accept this caller's token while \(deed).")
        }
        return error
    }

    /// What an answer without an envelope says: its `message`, its `detail` (as FastAPI writes it), or its text.
    private static func plainSentence(_ answer: Answer, _ body: JSON, _ deed: String) -> String {
        let text = body["message"].string ?? body["detail"].string ?? String(decoding: answer.body, as: UTF8.self)
        let sentence = "The server answered \(answer.status) while \(deed)"
        let isPage = text.hasPrefix("<")
        return text.isEmpty || isPage ? sentence + "." : sentence + ": " + text.prefix(longestText)
    }
    private static let longestText = 2000

    private static func serviceError(_ body: JSON) -> ServiceError {
        let details = (body["details"].array ?? []).map(serviceError)
        let inner = body["innererror"]["code"].string ?? body["innerError"]["code"].string
        return ServiceError(
            ServiceError.Code(rawValue: body["code"].string ?? "UnknownError"),
            body["message"].string ?? "The server gave no reason.", target: body["target"].string, details: details,
            cause: inner)
    }

    /// `{"error":"invalid_client","error_description":"…"}` and `{"error_code":"…","message":"…"}`.
    private static func flatError(_ body: JSON) -> ServiceError? {
        if let code = body["error"].string {
            return ServiceError(
                ServiceError.Code(rawValue: code), body["error_description"].string ?? "The server refused: \(code).")
        }
        if let code = body["error_code"].string {
            return ServiceError(ServiceError.Code(rawValue: code), body["message"].string ?? code)
        }
        return nil
    }

    private static func fallbackCode(_ status: Int) -> ServiceError.Code {
        switch status {
        case 401: .unauthenticated
        case 403: .forbidden
        case 404: .notFound
        case 409: .conflict
        case 501: .notImplemented
        default: ServiceError.Code(rawValue: "HTTP\(status)")
        }
    }
}
