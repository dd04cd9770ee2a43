/// The tables of the tracking store. Everything hangs on a small integer for its workspace; names that repeat by the
/// million (metric, param and tag keys) are stored once a workspace and pointed to by number.
///
/// The tables of runs' data carry no foreign keys: one would cost a look-up for every logged point. `RunPurge` is the
/// one place that deletes runs, with all that belongs to them.
enum TrackingSchema {
    static let runs = """
        CREATE TABLE trackingWorkspace (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE
        );
        CREATE TABLE trackingKey (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            UNIQUE (workspaceID, name)
        );
        CREATE TABLE experiment (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            artifactLocation TEXT,
            isDeleted INTEGER NOT NULL DEFAULT 0,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            UNIQUE (workspaceID, number),
            UNIQUE (workspaceID, name)
        );
        CREATE TABLE experimentTag (
            experimentID INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (experimentID, key)
        ) WITHOUT ROWID;
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id),
            experimentID INTEGER NOT NULL REFERENCES experiment (id),
            runID TEXT NOT NULL,
            name TEXT NOT NULL,
            user TEXT NOT NULL,
            status TEXT NOT NULL,
            isDeleted INTEGER NOT NULL DEFAULT 0,
            startTime INTEGER,
            endTime INTEGER,
            deletedAt INTEGER,
            artifactURI TEXT,
            UNIQUE (workspaceID, runID)
        );
        CREATE INDEX runByStart ON run (experimentID, isDeleted, startTime DESC, runID);
        CREATE TABLE param (
            runID INTEGER NOT NULL,
            keyID INTEGER NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (runID, keyID)
        ) WITHOUT ROWID;
        CREATE INDEX paramByValue ON param (keyID, value) WHERE length(value) <= 200;
        CREATE TABLE tag (
            runID INTEGER NOT NULL,
            keyID INTEGER NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (runID, keyID)
        ) WITHOUT ROWID;
        CREATE INDEX tagByValue ON tag (keyID, value) WHERE length(value) <= 200;
        CREATE TABLE metricPoint (
            runID INTEGER NOT NULL,
            keyID INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            step INTEGER NOT NULL,
            value REAL NOT NULL,
            isNaN INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (runID, keyID, timestamp, step, value, isNaN)
        ) WITHOUT ROWID;
        CREATE TABLE latestMetric (
            runID INTEGER NOT NULL,
            keyID INTEGER NOT NULL,
            value REAL NOT NULL,
            isNaN INTEGER NOT NULL DEFAULT 0,
            timestamp INTEGER NOT NULL,
            step INTEGER NOT NULL,
            PRIMARY KEY (runID, keyID)
        ) WITHOUT ROWID;
        CREATE INDEX latestMetricByValue ON latestMetric (keyID, isNaN, value);
        CREATE TABLE dataset (
            id INTEGER PRIMARY KEY,
            experimentID INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            sourceType TEXT NOT NULL,
            source TEXT NOT NULL,
            schema TEXT,
            profile TEXT,
            UNIQUE (experimentID, name, digest)
        );
        CREATE TABLE runInput (
            id INTEGER PRIMARY KEY,
            runID INTEGER NOT NULL,
            datasetID INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
            UNIQUE (runID, datasetID)
        );
        CREATE INDEX runInputByDataset ON runInput (datasetID);
        CREATE TABLE runInputTag (
            inputID INTEGER NOT NULL REFERENCES runInput (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (inputID, key)
        ) WITHOUT ROWID;
        CREATE TABLE runModel (
            runID INTEGER NOT NULL,
            isOutput INTEGER NOT NULL,
            modelID TEXT NOT NULL,
            step INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (runID, isOutput, modelID)
        ) WITHOUT ROWID;
        """

    static let loggedModels = """
        CREATE TABLE loggedModel (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id),
            experimentID INTEGER NOT NULL REFERENCES experiment (id),
            modelID TEXT NOT NULL,
            name TEXT NOT NULL,
            status INTEGER NOT NULL,
            statusMessage TEXT,
            modelType TEXT,
            sourceRunID TEXT,
            artifactURI TEXT,
            isDeleted INTEGER NOT NULL DEFAULT 0,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            UNIQUE (workspaceID, modelID)
        );
        CREATE INDEX loggedModelByAge ON loggedModel (experimentID, isDeleted, createdAt DESC, modelID);
        CREATE TABLE loggedModelParam (
            loggedModelID INTEGER NOT NULL REFERENCES loggedModel (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (loggedModelID, key)
        ) WITHOUT ROWID;
        CREATE TABLE loggedModelTag (
            loggedModelID INTEGER NOT NULL REFERENCES loggedModel (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (loggedModelID, key)
        ) WITHOUT ROWID;
        CREATE TABLE loggedModelMetric (
            loggedModelID INTEGER NOT NULL REFERENCES loggedModel (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            timestamp INTEGER NOT NULL,
            step INTEGER NOT NULL,
            runID TEXT NOT NULL,
            value REAL NOT NULL,
            isNaN INTEGER NOT NULL DEFAULT 0,
            datasetName TEXT NOT NULL DEFAULT '',
            datasetDigest TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (loggedModelID, key, timestamp, step, runID, value, isNaN, datasetName, datasetDigest)
        ) WITHOUT ROWID;
        """

    /// Where a logged model's files are, when they are among those of the run that made it.
    static let modelFolders = "ALTER TABLE loggedModel ADD COLUMN folder TEXT"

    /// What the model registry knows beyond the model assets themselves, which are documents.
    static let registry = """
        CREATE TABLE registeredModel (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT,
            lastVersion INTEGER NOT NULL DEFAULT 0,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            UNIQUE (workspaceID, name)
        );
        CREATE TABLE registeredModelTag (
            registeredModelID INTEGER NOT NULL REFERENCES registeredModel (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (registeredModelID, key)
        ) WITHOUT ROWID;
        CREATE TABLE registeredModelAlias (
            registeredModelID INTEGER NOT NULL REFERENCES registeredModel (id) ON DELETE CASCADE,
            alias TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (registeredModelID, alias)
        ) WITHOUT ROWID;
        """
}
