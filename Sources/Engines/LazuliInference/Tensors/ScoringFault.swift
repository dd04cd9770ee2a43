/// Why a request cannot be answered with a prediction.
package struct ScoringFault: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The request is not what the model takes: status 400.
        case badRequest
        /// There is no such model, version or path: status 404.
        case notFound
        /// The model failed: status 500.
        case failed
    }

    package let kind: Kind
    /// What is wrong, where, and what was expected.
    package let message: String

    /// A bad request.
    package init(_ message: String) { self.init(.badRequest, message) }

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var status: UInt16 {
        switch kind {
        case .badRequest: 400
        case .notFound: 404
        case .failed: 500
        }
    }
}
