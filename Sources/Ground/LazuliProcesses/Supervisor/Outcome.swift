import LazuliResources

/// How a supervised job ended, with the reason in words and what it used.
public struct Outcome: Sendable, Equatable {
    public enum Reason: String, Sendable, CaseIterable {
        /// The command ended by itself, well or with another exit code.
        case exited
        /// A signal ended it that the supervisor did not send.
        case signaled
        case cancelled
        case timedOut
        case outOfMemory
        case diskQuota
        case logLimit
        /// No process of the job ever ran.
        case couldNotStart
        /// The supervisor itself was killed or the machine went down.
        case supervisorLost
    }

    public var reason: Reason
    /// The cause for people: one or two sentences.
    public var sentence: String
    /// How the deciding process ended; nil if none was started or nobody saw its end.
    public var status: ProcessEnding?
    /// Milliseconds since 1970.
    public var startedAt: Int64?
    public var endedAt: Int64
    /// User and system time of the whole tree, in seconds.
    public var processorSeconds: Double = 0
    /// The most memory that was resident at once; see `limits` for what it was measured against.
    public var peakMemoryBytes: Int64 = 0
    /// Which limits applied and how they were enforced.
    public var limits: String = ""

    public init(
        reason: Reason, sentence: String, status: ProcessEnding? = nil, startedAt: Int64? = nil, endedAt: Int64
    ) {
        self.reason = reason
        self.sentence = sentence
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
    }

    /// The command itself ended with exit code 0.
    public var succeeded: Bool { reason == .exited && status?.succeeded == true }
}

extension Outcome {
    var json: JSON {
        var code: JSON?
        var signal: JSON?
        switch status {
        case .exited(let number): code = JSON(Int(number))
        case .signaled(let number): signal = JSON(Int(number))
        case nil: break
        }
        return .object(dropping: [
            ("reason", .string(reason.rawValue)), ("sentence", .string(sentence)),
            ("exitCode", code), ("signal", signal),
            ("startedAt", startedAt.map(JSON.integer)), ("endedAt", .integer(endedAt)),
            ("processorSeconds", .number(processorSeconds)), ("peakMemoryBytes", .integer(peakMemoryBytes)),
            ("limits", .string(limits)),
        ])
    }

    init?(json: JSON) {
        guard let reason = json["reason"].string.flatMap(Reason.init), let sentence = json["sentence"].string,
            let endedAt = json["endedAt"].integer
        else { return nil }
        self.init(
            reason: reason, sentence: sentence, startedAt: json["startedAt"].integer.map(Int64.init),
            endedAt: Int64(endedAt))
        if let code = json["exitCode"].integer { status = .exited(code: Int32(truncatingIfNeeded: code)) }
        if let signal = json["signal"].integer { status = .signaled(Int32(truncatingIfNeeded: signal)) }
        processorSeconds = json["processorSeconds"].number ?? 0
        peakMemoryBytes = Int64(json["peakMemoryBytes"].integer ?? 0)
        limits = json["limits"].string ?? ""
    }
}
