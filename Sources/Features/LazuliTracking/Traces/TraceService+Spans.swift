import GRDB
public import LazuliResources

/// Spans as an exporter sends them, perhaps of several traces at once.
public struct SpanBatch: Sendable {
    /// Spans with what is said of the program that made them.
    public struct Group: Sendable {
        public let resource: [SpanAttribute]
        public let spans: [Span]

        public init(resource: [SpanAttribute], spans: [Span]) {
            self.resource = resource
            self.spans = spans
        }
    }

    public let experimentID: String
    /// The run to which traces are linked whose root is in the batch.
    public let runID: String?
    public let groups: [Group]

    public init(experimentID: String, runID: String?, groups: [Group]) {
        self.experimentID = experimentID
        self.runID = runID
        self.groups = groups
    }
}

extension TraceService {
    /// Stores spans, all or none. A trace that is not known yet is made from what its spans tell.
    public func log(_ batch: SpanBatch, in scope: WorkspaceScope) async throws {
        let arrivals = SpanArrival.grouped(batch)
        try await store.write(scope) { database, workspace in
            let experiment = try Self.activeExperiment(batch.experimentID, workspace, database)
            for arrival in arrivals {
                let row = try Self.row(of: arrival, experiment, workspace, database)
                for span in arrival.spans { try SpanTable.put(span, trace: row.id, database) }
                try Self.update(row, by: arrival, database)
                if let runID = batch.runID, arrival.root != nil,
                    try RunTable.find(runID, workspace: workspace, database) != nil
                {
                    try TraceTable.link(arrival.traceID, to: .run, runID, workspace: workspace, database)
                }
            }
        }
    }

    private static func row(
        of arrival: SpanArrival, _ experiment: ExperimentRow, _ workspace: Int64, _ database: Database
    ) throws -> TraceRow {
        if let known = try TraceTable.find(arrival.traceID, workspace: workspace, database) { return known }
        let info = TraceInfo(
            traceID: arrival.traceID, experimentID: String(experiment.number), requestTime: arrival.start,
            duration: arrival.end.map { $0 - arrival.start }, state: .inProgress)
        let id = try TraceTable.insert(
            info, isFinal: false, workspace: workspace, experiment: experiment.id, database)
        let location = ArtifactAddress.uri(ofTrace: arrival.traceID, in: experiment.artifactLocation)
        try TraceTable.set([Entry(TraceKey.artifactLocation, location)], in: .tags, of: id, database)
        if let name = arrival.root?.name {
            try TraceTable.set([Entry(TraceKey.name, name)], in: .tags, of: id, database)
        }
        return try TraceTable.require(arrival.traceID, workspace: workspace, database)
    }

    private static func update(_ row: TraceRow, by arrival: SpanArrival, _ database: Database) throws {
        try TraceTable.update(row.id, arrival.merged(into: row), isFinal: row.isFinal, database)
        try TraceTable.set(
            arrival.tags + [Entry(TraceKey.spansLocation, TraceKey.trackingStore)], in: .tags, of: row.id, database)
        for entry in try metadata(row, arrival, database) {
            let isTotal = entry.key == TraceKey.tokenUsage || entry.key == TraceKey.cost
            let known = try TraceTable.value(entry.key, in: .metadata, of: row.id, database) != nil
            if known, row.isFinal || !isTotal { continue }
            try TraceTable.set([entry], in: .metadata, of: row.id, database)
        }
    }

    /// Totals are counted over all spans that have arrived so far, since parents may come apart from their children.
    private static func metadata(
        _ row: TraceRow, _ arrival: SpanArrival, _ database: Database
    ) throws -> [Entry] {
        var entries: [Entry] = []
        if let session = arrival.session { entries.append(Entry(TraceKey.session, session)) }
        if let user = arrival.user { entries.append(Entry(TraceKey.user, user)) }
        guard arrival.hasFigures else { return entries }
        let figures = try SpanTable.figures(of: row.id, database)
        if let usage = SpanTotals.tokenUsage(of: figures) {
            entries.append(Entry(TraceKey.tokenUsage, PythonText.dump(usage)))
        }
        if let cost = SpanTotals.cost(of: figures) { entries.append(Entry(TraceKey.cost, PythonText.dump(cost))) }
        return entries
    }
}

/// The spans of one trace in one batch, and what they tell of the trace.
struct SpanArrival {
    let traceID: String
    private(set) var spans: [Span] = []
    private var resource: [SpanAttribute] = []

    static func grouped(_ batch: SpanBatch) -> [SpanArrival] {
        var arrivals: [SpanArrival] = [], places: [String: Int] = [:]
        for group in batch.groups {
            for span in group.spans {
                let traceID = span.mlflowTraceID
                let place = places[traceID] ?? arrivals.count
                if place == arrivals.count {
                    arrivals.append(SpanArrival(traceID: traceID))
                    places[traceID] = place
                }
                arrivals[place].add(span, group.resource)
            }
        }
        return arrivals
    }

    /// A client cannot say by an attribute that a span belongs to another trace.
    private mutating func add(_ span: Span, _ resource: [SpanAttribute]) {
        var span = span
        span.attributes.removeAll { $0.key == SpanKey.traceID }
        span.attributes.append(SpanAttribute(SpanKey.traceID, .text(traceID)))
        spans.append(span)
        if self.resource.isEmpty { self.resource = resource }
    }

    var root: Span? { spans.first { $0.parentID == nil } }

    /// Milliseconds since 1970.
    var start: Int64 { (spans.map(\.startTime).min() ?? 0) / 1_000_000 }
    var end: Int64? { spans.compactMap(\.endTime).max().map { $0 / 1_000_000 } }

    var hasFigures: Bool {
        spans.contains { $0[attribute: SpanKey.tokenUsage] != nil || $0[attribute: SpanKey.cost] != nil }
    }

    var session: String? { text(SpanKey.session) }
    var user: String? { text([SpanKey.user]) }

    private func text(_ keys: [String]) -> String? {
        for span in spans {
            for key in keys {
                if let text = span[attribute: key]?.parsed.scalarText, !text.isEmpty { return text }
            }
        }
        return nil
    }

    /// Tags of the program that made the spans, and tags that its user meant for the trace.
    var tags: [Entry] {
        let own = resource.filter { !$0.key.hasPrefix("telemetry.sdk.") && !$0.key.hasPrefix("mlflow.") }
            .map { Entry($0.key, $0.value.json.string ?? PythonText.dump($0.value.json)) }
        let meant = (root?.attributes ?? []).filter { $0.key.hasPrefix(SpanKey.tagPrefix) }
            .map { Entry(String($0.key.dropFirst(SpanKey.tagPrefix.count)), $0.value.parsed.scalarText ?? "") }
        return (own + meant).compactMap { try? TraceRules.checked($0) }.filter { !TraceKey.kept.contains($0.key) }
    }

    /// What the trace is, now that these spans are known.
    func merged(into row: TraceRow) -> TraceInfo {
        var info = row.info
        if !row.isFinal {
            let oldEnd = info.duration.map { info.requestTime + $0 }
            info.requestTime = min(info.requestTime, start)
            if let last = [oldEnd, end].compactMap({ $0 }).max() { info.duration = last - info.requestTime }
        }
        guard let root else { return info }
        if info.state.isOpen { info.state = root.status.code == .error ? .error : .ok }
        info.requestPreview = info.requestPreview ?? Self.preview(root[attribute: SpanKey.inputs])
        info.responsePreview = info.responsePreview ?? Self.preview(root[attribute: SpanKey.outputs])
        return info
    }

    private static func preview(_ value: SpanValue?) -> String? {
        guard let value else { return nil }
        return TraceRules.preview(PythonText.dump(value.parsed))
    }
}
