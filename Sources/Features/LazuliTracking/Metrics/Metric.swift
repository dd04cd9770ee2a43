/// One measured value.
public struct Metric: Sendable, Equatable {
    public var key: String
    /// NaN is kept; infinities become the largest finite numbers, as MLflow stores them.
    public var value: Double
    /// Milliseconds since 1970.
    public var timestamp: Int64
    public var step: Int64
    /// The logged model that was measured, and on which dataset.
    public var modelID: String?
    public var datasetName: String?
    public var datasetDigest: String?
    public var runID: String?

    public init(
        key: String, value: Double, timestamp: Int64, step: Int64, modelID: String? = nil, datasetName: String? = nil,
        datasetDigest: String? = nil, runID: String? = nil
    ) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.step = step
        self.modelID = modelID
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
        self.runID = runID
    }

    /// What the value column holds: 0 for NaN, which has a column of its own.
    var storedValue: Double {
        if value.isNaN { return 0 }
        return min(max(value, -Double.greatestFiniteMagnitude), Double.greatestFiniteMagnitude)
    }

    /// Whether this is the newer of two points of one metric: by step, then time, then value.
    func isNewer(than other: Metric) -> Bool {
        (step, timestamp, storedValue) > (other.step, other.timestamp, other.storedValue)
    }
}

/// One point of a metric's history, without its key.
public struct MetricPoint: Sendable, Equatable {
    public let value: Double
    public let timestamp: Int64
    public let step: Int64

    public init(value: Double, timestamp: Int64, step: Int64) {
        self.value = value
        self.timestamp = timestamp
        self.step = step
    }
}
