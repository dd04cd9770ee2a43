/// What datasets and their tags may hold.
enum InputRules {
    static func check(_ input: DatasetInput) throws {
        let dataset = input.dataset
        try NameRules.checkLength(dataset.name, of: "name", limit: TrackingLimits.datasetName)
        try NameRules.checkLength(dataset.digest, of: "digest", limit: TrackingLimits.datasetDigest)
        try NameRules.checkLength(dataset.source, of: "source", limit: TrackingLimits.datasetSource)
        try NameRules.checkLength(dataset.schema ?? "", of: "schema", limit: TrackingLimits.datasetSchema)
        try NameRules.checkLength(dataset.profile ?? "", of: "profile", limit: TrackingLimits.datasetProfile)
        for tag in input.tags {
            try NameRules.checkLength(tag.key, of: "key", limit: TrackingLimits.inputTagKey)
            try NameRules.checkLength(tag.value, of: "value", limit: TrackingLimits.inputTagValue)
        }
    }
}
