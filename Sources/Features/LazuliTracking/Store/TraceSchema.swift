/// The tables of traces: what a trace is, its spans, what it is linked to, and what is thought of it.
enum TraceSchema {
    static let traces = """
        CREATE TABLE trace (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            experimentID INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            traceID TEXT NOT NULL,
            clientRequestID TEXT,
            requestTime INTEGER NOT NULL,
            duration INTEGER,
            state TEXT NOT NULL,
            requestPreview TEXT,
            responsePreview TEXT,
            isFinal INTEGER NOT NULL DEFAULT 0,
            UNIQUE (workspaceID, traceID)
        );
        CREATE INDEX traceByTime ON trace (experimentID, requestTime DESC, traceID);
        CREATE INDEX traceByDuration ON trace (experimentID, duration);
        CREATE TABLE traceTag (
            traceID INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (traceID, key)
        ) WITHOUT ROWID;
        CREATE TABLE traceMetadata (
            traceID INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (traceID, key)
        ) WITHOUT ROWID;
        CREATE INDEX traceMetadataByValue ON traceMetadata (key, value) WHERE length(value) <= 200;
        CREATE TABLE traceLink (
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            traceID TEXT NOT NULL,
            kind TEXT NOT NULL,
            target TEXT NOT NULL,
            PRIMARY KEY (workspaceID, traceID, kind, target)
        ) WITHOUT ROWID;
        CREATE INDEX traceLinkByTarget ON traceLink (workspaceID, kind, target);
        CREATE TABLE span (
            id INTEGER PRIMARY KEY,
            traceID INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
            spanID TEXT NOT NULL,
            parentID TEXT,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            status TEXT NOT NULL,
            startTime INTEGER NOT NULL,
            endTime INTEGER,
            model TEXT,
            provider TEXT,
            tokenUsage TEXT,
            cost TEXT,
            content TEXT NOT NULL,
            UNIQUE (traceID, spanID)
        );
        """

    static let assessments = """
        CREATE TABLE assessment (
            id INTEGER PRIMARY KEY,
            traceID INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
            assessmentID TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            error TEXT,
            spanID TEXT,
            sourceType TEXT NOT NULL,
            sourceID TEXT,
            rationale TEXT,
            metadata TEXT,
            overrides TEXT,
            isValid INTEGER NOT NULL DEFAULT 1,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            UNIQUE (traceID, assessmentID)
        );
        CREATE INDEX assessmentByName ON assessment (traceID, kind, name);
        """
}
