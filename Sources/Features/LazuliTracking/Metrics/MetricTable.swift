import GRDB
import LazuliPersistence

/// The statements on metric points and on the latest value of each metric.
enum MetricTable {
    /// Adds points to a run; one that is there already is left as it is.
    static func log(_ metrics: [Metric], run: Int64, workspace: Int64, _ database: Database) throws {
        var keys: [String: Int64] = [:]
        var latest: [Int64: Metric] = [:]
        let insert = NumericStatement(
            try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO metricPoint (runID, keyID, timestamp, step, value, isNaN)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """))
        for metric in metrics {
            let key = try keys[metric.key] ?? KeyTable.id(of: metric.key, workspace: workspace, database)
            keys[metric.key] = key
            try insert.execute { place in
                place.append(run)
                place.append(key)
                place.append(metric.timestamp)
                place.append(metric.step)
                place.append(metric.storedValue)
                place.append(metric.value.isNaN)
            }
            if latest[key].map({ metric.isNewer(than: $0) }) ?? true { latest[key] = metric }
        }
        for (key, metric) in latest { try raiseLatest(metric, key: key, run: run, database) }
    }

    private static func raiseLatest(_ metric: Metric, key: Int64, run: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO latestMetric (runID, keyID, value, isNaN, timestamp, step) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (runID, keyID) DO UPDATE SET
                    value = excluded.value, isNaN = excluded.isNaN, timestamp = excluded.timestamp, step = excluded.step
                WHERE (excluded.step, excluded.timestamp, excluded.value)
                    > (latestMetric.step, latestMetric.timestamp, latestMetric.value)
                """)
        try statement.execute(arguments: [
            run, key, metric.storedValue, metric.value.isNaN, metric.timestamp, metric.step,
        ])
    }

    /// A page of one metric's history, oldest first.
    static func history(
        run: Int64, key: Int64, offset: Int, limit: Int, _ database: Database
    ) throws -> [MetricPoint] {
        let statement = NumericStatement(
            try database.cachedStatement(
                sql: """
                    SELECT value, isNaN, timestamp, step FROM metricPoint WHERE runID = ? AND keyID = ?
                    ORDER BY timestamp, step, value, isNaN LIMIT ? OFFSET ?
                    """))
        var points: [MetricPoint] = []
        try statement.forEach(
            { places in
                places.append(run)
                places.append(key)
                places.append(Int64(limit))
                places.append(Int64(offset))
            },
            { columns in
                points.append(
                    MetricPoint(
                        value: columns.flag(1) ? .nan : columns.real(0), timestamp: columns.integer(2),
                        step: columns.integer(3)))
            })
        return points
    }
}
