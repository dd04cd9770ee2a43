/// The tables of what traces are evaluated with, and of what that brings to light.
enum EvaluationSchema {
    static let datasets = """
        CREATE TABLE evaluationDataset (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            datasetID TEXT NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            schema TEXT,
            createdBy TEXT,
            updatedBy TEXT,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            UNIQUE (workspaceID, datasetID)
        );
        CREATE INDEX evaluationDatasetByTime ON evaluationDataset (workspaceID, createdAt DESC, datasetID);
        CREATE TABLE evaluationDatasetTag (
            datasetID INTEGER NOT NULL REFERENCES evaluationDataset (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (datasetID, key)
        ) WITHOUT ROWID;
        CREATE TABLE evaluationDatasetExperiment (
            datasetID INTEGER NOT NULL REFERENCES evaluationDataset (id) ON DELETE CASCADE,
            experimentID INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            PRIMARY KEY (datasetID, experimentID)
        ) WITHOUT ROWID;
        CREATE INDEX evaluationDatasetByExperiment ON evaluationDatasetExperiment (experimentID);
        CREATE TABLE evaluationRecord (
            id INTEGER PRIMARY KEY,
            datasetID INTEGER NOT NULL REFERENCES evaluationDataset (id) ON DELETE CASCADE,
            recordID TEXT NOT NULL,
            inputHash TEXT NOT NULL,
            inputs TEXT NOT NULL,
            outputs TEXT,
            expectations TEXT,
            tags TEXT,
            source TEXT,
            createdBy TEXT,
            updatedBy TEXT,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            UNIQUE (datasetID, inputHash),
            UNIQUE (datasetID, recordID)
        );
        """

    static let scorers = """
        CREATE TABLE scorer (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            experimentID INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            scorerID TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (experimentID, name)
        );
        CREATE INDEX scorerByWorkspace ON scorer (workspaceID);
        CREATE TABLE scorerVersion (
            scorerID INTEGER NOT NULL REFERENCES scorer (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            content TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            PRIMARY KEY (scorerID, version)
        ) WITHOUT ROWID;
        """

    static let issues = """
        CREATE TABLE issue (
            id INTEGER PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
            experimentID INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            issueID TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            status TEXT NOT NULL,
            severity TEXT,
            rootCauses TEXT NOT NULL,
            categories TEXT NOT NULL,
            sourceRunID TEXT,
            createdBy TEXT,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            UNIQUE (workspaceID, issueID)
        );
        CREATE INDEX issueByTime ON issue (experimentID, createdAt DESC);
        CREATE INDEX assessmentByIssue ON assessment (name) WHERE kind = 'issue';
        """
}
