import LazuliResources

/// What a job asks for and has no effect here, a sentence each: nothing is left out in silence.
enum TaskNotices {
    static func of(_ task: TabularTask) -> [String] {
        var notices: [String] = []
        func say(_ condition: Bool?, _ sentence: String) { if condition == true { notices.append(sentence) } }
        let limits = task.limits, training = task.training, featurization = task.featurization
        say(
            training["enableDnnTraining"].bool,
            "enable_dnn_training has no effect: a small neural network is tried in any case.")
        say(
            featurization["enableDnnFeaturization"].bool,
            "enable_dnn_featurization has no effect: text becomes word features.")
        say(
            training["trainingMode"].string == "Distributed",
            "training_mode distributed has no effect: every trial trains on one node.")
        say(limits["maxNodes"].integer.map { $0 > 1 }, "max_nodes has no effect: all trials share one node.")
        say(
            training["stackEnsembleSettings"].object != nil,
            "stack_ensemble_settings have no effect: the stack is always a linear model.")
        say(
            featurization["datasetLanguage"].string.map { !["eng", "en"].contains($0.lowercased()) },
            "dataset_language has no effect: words are taken as they are written.")
        for member in ["fixedParameters", "searchSpace", "sweepSettings"] where !task.details[member].isNull {
            notices.append("\(member) of the task has no effect: the search chooses its own space.")
        }
        return notices
    }
}
