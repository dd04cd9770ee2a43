/// Where a deployment stands, in the words of the wire.
package enum DeploymentState: String, Sendable {
    case creating = "Creating"
    case updating = "Updating"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case deleting = "Deleting"

    /// What happens to a deployment.
    package enum Event: Sendable {
        /// Its document was written.
        case submitted
        /// The replicas asked for answer.
        case served
        /// They will not.
        case refused
        case removed
    }

    package var isFinal: Bool { self == .succeeded || self == .failed }

    /// The state after an event; `nil` stands for a deployment that is not there yet.
    package static func next(_ state: DeploymentState?, on event: Event) -> DeploymentState {
        switch (state, event) {
        case (_, .removed), (.deleting, _): .deleting
        case (.succeeded, .submitted), (.updating, .submitted): .updating
        case (_, .submitted): .creating
        case (_, .served): .succeeded
        case (_, .refused): .failed
        }
    }
}

/// A deployment's state with the sentence that says why.
package struct DeploymentStatus: Sendable, Equatable {
    package var state: DeploymentState
    /// For people; empty while there is nothing to say.
    package var reason: String
    /// Milliseconds since 1970.
    package var changedAt: Int64
    /// Rises with every submission: which of them the state speaks of.
    package var submission: Int64

    package init(state: DeploymentState, reason: String, changedAt: Int64, submission: Int64) {
        self.state = state
        self.reason = reason
        self.changedAt = changedAt
        self.submission = submission
    }
}
