/// How much a client may send at once and how long names and values may be, as MLflow 3.18 sets them.
/// Lengths count Unicode scalars, as Python's `len` does.
public enum TrackingLimits {
    public static let key = 250
    public static let paramValue = 6000
    public static let tagValue = 8000
    public static let experimentName = 500
    public static let experimentTagValue = 20000
    public static let artifactLocation = 2048
    public static let metricsPerBatch = 1000
    public static let paramsPerBatch = 100
    public static let tagsPerBatch = 100
    public static let entitiesPerBatch = 1000
    /// Bytes of a log-batch body.
    public static let batchBytes = 1_000_000
    public static let datasetName = 500
    public static let datasetDigest = 36
    public static let datasetSource = 65535
    public static let datasetSchema = 1_048_575
    public static let datasetProfile = 16_777_215
    public static let inputTagKey = 255
    public static let inputTagValue = 500
    public static let loggedModelParamKey = 255
    public static let loggedModelParamValue = 6000
    /// Results of one page of a search.
    public static let pageOfRuns = 50000
    public static let runsPerHistoryCall = 100
    public static let pointsPerHistoryCall = 25000
    /// Points a run of a sampled history.
    public static let sampledPoints = 2500
    public static let experimentsPerDatasetSearch = 20
    public static let traceTagKey = 250
    /// Longer values of a trace's tags are cut.
    public static let traceTagValue = 8000
    /// Longer texts of a trace's request and response are cut.
    public static let tracePreview = 1000
    public static let pageOfTraces = 500
    public static let tracesPerLink = 100
}
