import LazuliLearning
import LazuliResources

/// What a task over a table must keep to beyond its schema: every problem is reported at once.
struct TaskRules {
    private let task: TabularTask
    private var problems: [ServiceError] = []

    private static let path = "$.properties.taskDetails"
    private static let runnable = ["Classification", "Regression"]

    /// - Parameter columns: the columns of the training data, where they are known.
    /// - Throws: `invalidArgument` that names each problem.
    static func check(_ task: TabularTask, columns: [String]?) throws {
        guard runnable.contains(task.type) else {
            throw ServiceError(
                .invalidArgument,
                "AutoML jobs of the task \(task.type) are not run by this version of Lazuli, so the job was not "
                    + "submitted. Classification and Regression are run.", target: "\(path).taskType")
        }
        var rules = TaskRules(task: task)
        rules.checkColumns(columns)
        rules.checkValidation()
        rules.checkLimits()
        rules.checkAlgorithms()
        rules.checkFeaturization()
        if let error = ServiceError.collecting(rules.problems, in: "The AutoML job") { throw error }
    }

    private init(task: TabularTask) { self.task = task }

    private mutating func problem(_ member: String, _ sentence: String) {
        problems.append(ServiceError(.invalidArgument, sentence, target: "\(Self.path).\(member)"))
    }

    // MARK: - Columns

    private mutating func checkColumns(_ columns: [String]?) {
        guard !task.target.isEmpty else {
            return problem("targetColumnName", "targetColumnName is missing: it names the column to predict.")
        }
        let weight = task.details["weightColumnName"].string
        if weight == task.target {
            problem("weightColumnName", "weightColumnName and targetColumnName are both \"\(task.target)\".")
        }
        guard let columns else { return }
        checkIsThere(task.target, "targetColumnName", columns)
        if let weight { checkIsThere(weight, "weightColumnName", columns) }
        for column in task.foldColumns { checkIsThere(column, "cvSplitColumnNames", columns) }
    }

    private mutating func checkIsThere(_ column: String, _ member: String, _ columns: [String]) {
        guard !columns.contains(column) else { return }
        let shown = columns.prefix(12).joined(separator: ", ") + (columns.count > 12 ? ", …" : "")
        problem(
            member,
            "The training data has no column \"\(column)\", which \(member) names."
                + NearestName.hint(column, among: columns) + " Its columns are \(shown).")
    }

    // MARK: - Validation

    private mutating func checkValidation() {
        let details = task.details
        if let folds = task.folds, folds < 2 {
            problem("nCrossValidations", "nCrossValidations is \(folds); it must be at least 2.")
        }
        let hasValidation = details["validationData"].object != nil
        let ways = [
            ("nCrossValidations", details["nCrossValidations"].object != nil),
            ("validationDataSize", !details["validationDataSize"].isNull),
            ("cvSplitColumnNames", !task.foldColumns.isEmpty),
        ]
        for (member, isGiven) in ways where isGiven && hasValidation {
            problem(member, "validationData and \(member) are both given. Leave one out: either validates the models.")
        }
        if !task.foldColumns.isEmpty, details["nCrossValidations"].object != nil {
            problem(
                "cvSplitColumnNames",
                "cvSplitColumnNames and nCrossValidations are both given. Leave one out: either says what the folds are."
            )
        }
        if details["testData"].object != nil, !details["testDataSize"].isNull {
            problem("testDataSize", "testData and testDataSize are both given. Leave one out.")
        }
        for member in ["validationDataSize", "testDataSize"] {
            guard let share = details[member].number, !(0..<1).contains(share) || share == 0 else { continue }
            problem(member, "\(member) is \(JSON.number(share).text); it is a share of the rows, between 0 and 1.")
        }
    }

    // MARK: - Limits

    private mutating func checkLimits() {
        for member in ["maxTrials", "maxConcurrentTrials", "maxNodes"] {
            guard let count = task.limits[member].integer, count < 1 else { continue }
            problem("limitSettings.\(member)", "\(member) is \(count); it must be at least 1.")
        }
        for member in ["timeout", "trialTimeout"] where task.seconds(member) == 0 {
            problem("limitSettings.\(member)", "\(member) is nothing; it must be some time.")
        }
        if let trial = task.seconds("trialTimeout"), let whole = task.seconds("timeout"), trial > whole {
            problem(
                "limitSettings.trialTimeout",
                "trialTimeout (\(task.limits["trialTimeout"].text)) is longer than the timeout of the whole experiment "
                    + "(\(task.limits["timeout"].text)).")
        }
        if let trials = task.limits["maxTrials"].integer, let atOnce = task.limits["maxConcurrentTrials"].integer,
            trials >= 1, atOnce > trials
        {
            problem(
                "limitSettings.maxConcurrentTrials",
                "maxConcurrentTrials is \(atOnce), and there are \(trials) trials at most (maxTrials).")
        }
    }

    // MARK: - Algorithms

    private mutating func checkAlgorithms() {
        let both = task.allowed.filter(task.blocked.contains)
        if !both.isEmpty {
            problem(
                "trainingSettings",
                "\(both.joined(separator: ", ")) \(both.count == 1 ? "is" : "are") both allowed and blocked.")
        }
        let all = task.type == "Regression" ? RegressionWords.algorithms : ClassificationWords.algorithms
        let left = (task.allowed.isEmpty ? all : task.allowed).filter { !task.blocked.contains($0) }
        if left.isEmpty, both.isEmpty {
            problem(
                "trainingSettings.blockedTrainingAlgorithms", "Every algorithm is blocked: nothing is left to train.")
        }
    }

    // MARK: - Featurization

    private mutating func checkFeaturization() {
        for (name, list) in task.featurization["transformerParams"].object?.pairs ?? [] {
            let member = "featurizationSettings.transformerParams.\(name)"
            guard FeaturizationWords.parameterised.contains(name) else {
                problem(
                    member,
                    "\"\(name)\" takes no parameters; \(FeaturizationWords.parameterised.joined(separator: ", ")) do."
                        + NearestName.hint(name, among: FeaturizationWords.parameterised))
                continue
            }
            guard name == "Imputer" else { continue }
            for entry in list.array ?? [] { checkImputer(entry["parameters"], member) }
        }
        let isOff = task.featurization["mode"].string == "Off"
        if isOff, !(task.featurization["transformerParams"].object?.pairs ?? []).isEmpty {
            problem(
                "featurizationSettings.mode",
                "The mode of the featurization is off, and transformerParams are given. Say custom, or leave them out.")
        }
    }

    private static let strategies = FeatureRules.Strategy.allCases.map(\.rawValue)

    private mutating func checkImputer(_ parameters: JSON, _ member: String) {
        guard let strategy = parameters["strategy"].string else { return }
        if !Self.strategies.contains(strategy) {
            problem(
                member,
                "The strategy \"\(strategy)\" of the Imputer is not one of \(Self.strategies.joined(separator: ", "))."
                    + NearestName.hint(strategy, among: Self.strategies))
        } else if strategy == FeatureRules.Strategy.constant.rawValue, parameters["fill_value"].isNull {
            problem(member, "The Imputer's strategy \"constant\" needs a fill_value.")
        }
    }
}
