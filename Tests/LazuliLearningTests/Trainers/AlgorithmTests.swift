import Testing

@testable import LazuliLearning

@Suite("The list of algorithms")
struct AlgorithmTests {
    private static let classification = LearningTask.classification(classes: 2)

    @Test("It is Azure's and a neural network")
    func listsAzures() {
        #expect(
            AlgorithmList.all(for: Self.classification).map(\.rawValue) == [
                "LogisticRegression", "SGD", "MultinomialNaiveBayes", "BernoulliNaiveBayes", "SVM", "LinearSVM", "KNN",
                "DecisionTree", "RandomForest", "ExtremeRandomTrees", "LightGBM", "GradientBoosting",
                "XGBoostClassifier", "NeuralNetwork",
            ])
        #expect(
            AlgorithmList.all(for: .regression).map(\.rawValue) == [
                "ElasticNet", "GradientBoosting", "DecisionTree", "KNN", "LassoLars", "SGD", "RandomForest",
                "ExtremeRandomTrees", "LightGBM", "XGBoostRegressor", "NeuralNetwork",
            ])
    }

    @Test("What cannot be trained says why, and is not offered")
    func givesReasons() {
        #expect(
            AlgorithmList.reasonAgainst(.supportVectorMachine, for: Self.classification)?.contains("LinearSVM") == true)
        #expect(!AlgorithmList.available(for: Self.classification).contains(.supportVectorMachine))
        #expect(AlgorithmList.reasonAgainst(.elasticNet, for: Self.classification)?.contains("regression") == false)
        #expect(AlgorithmList.reasonAgainst(.xgboostClassifier, for: .regression) != nil)
        #expect(AlgorithmList.reasonAgainst(.lightGBM, for: .regression) == nil)
    }

    @Test("A name is found in any spelling")
    func findsNames() {
        #expect(Algorithm(named: "extreme_random_trees") == .extremeRandomTrees)
        #expect(Algorithm(named: "xgboost_classifier") == .xgboostClassifier)
        #expect(Algorithm(named: "knn") == .nearestNeighbours)
        #expect(Algorithm(named: "oracle") == nil)
    }
}
