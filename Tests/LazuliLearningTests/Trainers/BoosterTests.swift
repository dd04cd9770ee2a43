import Foundation
import LazuliResources
import Testing

@testable import LazuliLearning

/// Where `lazuli native install` put the libraries, if it did.
private let installed: NativeLibraryFiles? = {
    guard let folder = ProcessInfo.processInfo.environment["LAZULI_NATIVE"] else { return nil }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard let lightGBM = names.first(where: { $0.hasPrefix("lightgbm-") }),
        let xgboost = names.first(where: { $0.hasPrefix("xgboost-") })
    else { return nil }
    return NativeLibraryFiles(
        lightGBM: "\(folder)/\(lightGBM)/lightgbm/lib/lib_lightgbm.so",
        xgboost: "\(folder)/\(xgboost)/xgboost/lib/libxgboost.so")
}()

@Suite("Boosters of other libraries", .enabled(if: installed != nil))
struct BoosterTests {
    private static let rows = 600

    private let table: PreparedTable = {
        var random = RandomNumbers(seed: 5)
        let columns = (0..<3).map { _ in (0..<rows).map { _ in Float(random.unit()) } }
        return PreparedTable(
            columns: columns.enumerated().map { place, values in
                .init(name: "x\(place)", kind: .real, role: .number, values: .numbers(SharedArray(values)))
            }, rowCount: rows, task: .classification(classes: 2),
            targets: (0..<rows).map { columns[0][$0] * columns[1][$0] > 0.25 ? 1 : 0 })
    }()

    private func order(_ algorithm: Algorithm) -> TrainingOrder {
        TrainingOrder(number: 0, candidate: Candidate(algorithm, .trees, ["rounds": 40]), fold: 0, seed: 1, seconds: 60)
    }

    /// - Returns: the loss on the rows that were not learned from.
    private func loss(_ algorithm: Algorithm, _ cache: inout FeatureCache) throws -> Double {
        let folds = Folds(.folds(3), of: table.targets, task: table.task, seed: 1), order = order(algorithm)
        let data = try cache.features(order, table, folds).data
        let fitted = try TrainerFactory(libraries: try #require(installed)).fit(order, data) { false }
        let truth = folds.folds[0].validation.map { Int(table.targets[$0]) }
        return Losses.logLoss(try #require(fitted.validation), truth: truth)
    }

    @Test("learn the same on rows whose features are not kept", arguments: [Algorithm.lightGBM, .xgboostClassifier])
    func forgetsFeatures(_ algorithm: Algorithm) throws {
        var keeping = FeatureCache(threads: 1), forgetting = FeatureCache(threads: 2, large: 0)
        let kept = try loss(algorithm, &keeping)
        #expect(kept < 0.3)
        #expect(abs(try loss(algorithm, &forgetting) - kept) < 0.02)
        // A trainer that needs the features gets them again.
        #expect(try loss(.randomForest, &forgetting) < 0.5)
        #expect(abs(try loss(algorithm, &forgetting) - kept) < 0.02)
    }
}
