package import LazuliResources

/// One model to be trained by a training process.
package struct TrainingOrder: Sendable, Equatable {
    /// Names the order and the files that come of it.
    package var number: Int
    package var candidate: Candidate
    /// The fold to leave out and validate on; nil to learn from all rows.
    package var fold: Int?
    /// Boosting rounds, where no fold tells when to stop.
    package var rounds: Int?
    /// Learn from so many rows only, to get a first idea soon; nil for all.
    package var sample: Int?
    package var seed: UInt64
    package var seconds: Double

    package init(
        number: Int, candidate: Candidate, fold: Int?, rounds: Int? = nil, sample: Int? = nil, seed: UInt64,
        seconds: Double
    ) {
        self.number = number
        self.candidate = candidate
        self.fold = fold
        self.rounds = rounds
        self.sample = sample
        self.seed = seed
        self.seconds = seconds
    }

    /// What training may take. A model of all rows is given the rounds that it is worth, whatever they take.
    var secondsToTrain: Double { fold == nil ? seconds : min(seconds, candidate.mostSeconds ?? .infinity) }

    package var json: JSON {
        .object(dropping: [
            ("number", JSON(number)), ("candidate", candidate.json), ("fold", fold.map { JSON($0) }),
            ("rounds", rounds.map { JSON($0) }), ("sample", sample.map { JSON($0) }), ("seed", .string(String(seed))),
            ("seconds", .number(seconds)),
        ])
    }

    package init(_ json: JSON) {
        self.init(
            number: json["number"].integer ?? 0, candidate: Candidate(json["candidate"]), fold: json["fold"].integer,
            rounds: json["rounds"].integer, sample: json["sample"].integer,
            seed: json["seed"].string.flatMap { UInt64($0) } ?? 0,
            seconds: json["seconds"].number ?? 0)
    }
}

/// What came of an order. Predictions and model stand in files of the experiment's folder.
package struct TrainingReply: Sendable, Equatable {
    package var number: Int
    package var rounds: Int
    package var seconds: Double
    package var processorSeconds: Double
    /// Why there is no model; nil when there is one.
    package var fault: String?

    package init(number: Int, rounds: Int, seconds: Double, processorSeconds: Double, fault: String? = nil) {
        self.number = number
        self.rounds = rounds
        self.seconds = seconds
        self.processorSeconds = processorSeconds
        self.fault = fault
    }

    package var json: JSON {
        .object(dropping: [
            ("number", JSON(number)), ("rounds", JSON(rounds)), ("seconds", .number(seconds)),
            ("processorSeconds", .number(processorSeconds)), ("fault", fault.map(JSON.string)),
        ])
    }

    package init(_ json: JSON) {
        self.init(
            number: json["number"].integer ?? -1, rounds: json["rounds"].integer ?? 0,
            seconds: json["seconds"].number ?? 0, processorSeconds: json["processorSeconds"].number ?? 0,
            fault: json["fault"].string)
    }
}
