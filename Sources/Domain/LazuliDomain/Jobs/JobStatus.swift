/// The status words of a job, as the wire spells them.
public enum JobStatus: String, Sendable, CaseIterable {
    case notStarted = "NotStarted"
    case starting = "Starting"
    case provisioning = "Provisioning"
    case preparing = "Preparing"
    case queued = "Queued"
    case running = "Running"
    case finalizing = "Finalizing"
    case cancelRequested = "CancelRequested"
    case completed = "Completed"
    case failed = "Failed"
    case canceled = "Canceled"

    /// Whether nothing will change any more.
    public var isFinal: Bool {
        switch self {
        case .completed, .failed, .canceled: true
        default: false
        }
    }
}

/// What happens to a job.
public enum JobEvent: Sendable, Equatable {
    /// The queue gave it a node.
    case admitted
    /// Its environment and inputs are ready.
    case prepared
    /// Its process runs.
    case started
    /// Its process ended without fault; outputs are being registered.
    case exited
    case succeeded
    case failed
    case cancelRequested
    case canceled
}

extension JobStatus {
    /// The status after an event, or nil if the event has no place in this status (it came too late).
    public func next(on event: JobEvent) -> JobStatus? {
        if isFinal { return nil }
        return switch (self, event) {
        case (.cancelRequested, .canceled), (_, .canceled): .canceled
        case (.cancelRequested, .succeeded), (.cancelRequested, .failed): .canceled
        case (.cancelRequested, _): nil
        case (_, .cancelRequested): .cancelRequested
        case (_, .failed): .failed
        case (.queued, .admitted), (.notStarted, .admitted): .preparing
        case (.preparing, .prepared): .starting
        case (.starting, .started), (.preparing, .started): .running
        case (.running, .exited), (.starting, .exited): .finalizing
        case (.running, .succeeded), (.finalizing, .succeeded), (.starting, .succeeded): .completed
        default: nil
        }
    }
}
