import GRDB

@testable import LazuliJobs

/// Entries of the queue that no database holds.
enum JobRecords {
    static func job(_ id: Int64 = 1, name: String = "job-1", nodes: Int = 1, compute: String = "cpu") throws
        -> JobRecord
    {
        try JobRecord(
            row: Row([
                "id": id, "subscription": "s", "resourceGroup": "g", "workspace": "w", "name": name, "type": "Command",
                "status": "Queued", "reason": "", "compute": compute, "nodes": nodes, "submitterID": "u",
                "submitterName": "ada", "submittedAt": 1, "startedAt": nil, "endedAt": nil, "error": nil, "facts": nil,
            ]))
    }
}
