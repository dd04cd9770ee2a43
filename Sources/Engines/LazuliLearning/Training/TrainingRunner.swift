import Glibc

/// Carries out orders, one after the other, in a training process.
package final class TrainingRunner {
    private let table: PreparedTable
    private let folds: Folds
    private let folder: TrainingFolder
    private let trainers: TrainerFactory
    private var cache: FeatureCache

    /// - Parameter threads: that one model may be trained on.
    package init(folder: TrainingFolder, libraries: NativeLibraryFiles, threads: Int = 1) throws(LearningFault) {
        (table, folds) = try folder.readTable()
        self.folder = folder
        trainers = TrainerFactory(libraries: libraries)
        cache = FeatureCache(threads: threads)
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
