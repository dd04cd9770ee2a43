import Glibc

/// Carries out orders, one after the other, in a training process.
package final class TrainingRunner {
    private let table: PreparedTable
    private let folds: Folds
    private let folder: TrainingFolder
    private let trainers: TrainerFactory
    private var cache = FeatureCache()

    package init(folder: TrainingFolder, libraries: NativeLibraryFiles) throws(LearningFault) {
        (table, folds) = try folder.readTable()
        self.folder = folder
        trainers = TrainerFactory(libraries: libraries)
    }

    package func run(_ order: TrainingOrder) -> TrainingReply {
        let began = Self.seconds(CLOCK_MONOTONIC), used = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
        var reply = TrainingReply(number: order.number, rounds: 0, seconds: 0, processorSeconds: 0)
        do throws(LearningFault) {
            reply.rounds = try train(order) { Self.seconds(CLOCK_MONOTONIC) - began > order.secondsToTrain }
        } catch {
            reply.fault = error.description
        }
        reply.seconds = Self.seconds(CLOCK_MONOTONIC) - began
        reply.processorSeconds = Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - used
        return reply
    }

    private func train(_ order: TrainingOrder, isOver: () -> Bool) throws(LearningFault) -> Int {
        let prepared = try cache.features(order, table, folds)
        let fitted = try trainers.fit(order, prepared.data, isOver)
        try folder.write(prepared.features, fitted.form, order: order.number)
        if let validation = fitted.validation { try folder.write(validation, order: order.number) }
        return fitted.rounds
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Features of a fold by a view: fitted once, used by every candidate that sees the table the same way.
struct FeatureCache {
    private struct Key: Hashable {
        let view: FeatureView
        let fold: Int?
        let sample: Int?
    }

    struct Entry {
        let features: FittedFeatures
        let data: BoostingData
    }

    private var entries: [(key: Key, entry: Entry)] = []
    /// Numbers that the features of all entries may hold together.
    private static let most = 60_000_000

    mutating func features(
        _ order: TrainingOrder, _ table: PreparedTable, _ folds: Folds
    ) throws(LearningFault) -> Entry {
        let key = Key(view: order.candidate.view, fold: order.fold, sample: order.sample)
        if let place = entries.firstIndex(where: { $0.key == key }) {
            let found = entries.remove(at: place)
            entries.append(found)
            return found.entry
        }
        let entry = try make(order, table, folds)
        entries.append((key, entry))
        while entries.count > 1, entries.reduce(0, { $0 + $1.entry.data.size }) > Self.most { entries.removeFirst() }
        return entry
    }

    private func make(
        _ order: TrainingOrder, _ table: PreparedTable, _ folds: Folds
    ) throws(LearningFault) -> Entry {
        let fold = order.fold.map { folds.folds[$0] }
        var rows = fold?.training ?? Array(0..<table.rowCount)
        if let sample = order.sample { rows = Self.sampled(rows, sample) }
        let (features, training) = FeatureFitting(table, view: order.candidate.view, rows: rows).fitted()
        guard features.width > 0 else {
            throw LearningFault("No column is left that a model could learn from.")
        }
        let validation = fold.map { fold in
            table.set(features.features(of: table, rows: fold.validation), rows: fold.validation)
        }
        return Entry(
            features: features,
            data: BoostingData(
                training: table.set(training, rows: rows), validation: validation, task: table.task))
    }

    /// Evenly spread rows.
    private static func sampled(_ rows: [Int], _ count: Int) -> [Int] {
        guard count < rows.count else { return rows }
        let step = Double(rows.count) / Double(count)
        return (0..<count).map { rows[Int(Double($0) * step)] }
    }
}

extension PreparedTable {
    fileprivate func set(_ features: FeatureMatrix, rows: [Int]) -> TrainingSet {
        TrainingSet(
            features: features, targets: rows.map { targets[$0] }, weights: weights.map { all in rows.map { all[$0] } })
    }
}
