/// What one log-batch call may hold.
enum BatchRules {
    static func check(metrics: [Metric], params: [Entry], tags: [Entry]) throws {
        for (index, metric) in metrics.enumerated() { try NameRules.checkMetric(metric, at: "metrics[\(index)].") }
        for (index, param) in params.enumerated() { try NameRules.checkParam(param, at: "params[\(index)].key") }
        for (index, tag) in tags.enumerated() { try NameRules.checkTag(tag, at: "tags[\(index)].") }
        try checkCount("metrics", metrics.count, limit: TrackingLimits.metricsPerBatch)
        try checkCount("params", params.count, limit: TrackingLimits.paramsPerBatch)
        try checkCount("tags", tags.count, limit: TrackingLimits.tagsPerBatch)
        try checkCount(
            "metrics, params, and tags", metrics.count + params.count + tags.count,
            limit: TrackingLimits.entitiesPerBatch)
        try checkUnique(params)
    }

    private static func checkCount(_ name: String, _ count: Int, limit: Int) throws {
        guard count > limit else { return }
        throw TrackingFault.invalid(
            "A batch logging request can contain at most \(limit) \(name). Got \(count) \(name). "
                + "Please split up \(name) across multiple requests and try again.")
    }

    private static func checkUnique(_ params: [Entry]) throws {
        var seen: Set<String> = []
        let repeated = params.filter { !seen.insert($0.key).inserted }.map(\.key)
        guard !repeated.isEmpty else { return }
        throw TrackingFault.invalid(
            "Duplicate parameter keys have been submitted: \(PythonText.list(repeated)). Please ensure "
                + "the request contains only one param value per param key.")
    }
}
