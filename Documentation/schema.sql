-- The database of a fresh state folder. Written by Scripts/dump-schema (make docs); do not edit.
-- A change here is a change of what is on users' disks: it comes with a new migration, never with an edited one.

-- Migrations, in their order:
--   persistence-001-secret
--   persistence-002-document
--   access-001-principal
--   access-002-role-assignment
--   workspaces-001-workspace
--   tracking-001-runs
--   tracking-002-loggedModels
--   tracking-003-modelFolders
--   tracking-004-registry
--   tracking-005-modelsByFolder
--   tracking-006-traces
--   tracking-007-assessments
--   tracking-008-evaluationDatasets
--   tracking-009-scorers
--   tracking-010-issues
--   jobs-001-job
--   jobs-002-parent
--   endpoints-001-deploymentStatus

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

CREATE INDEX assessmentByIssue ON assessment (name) WHERE kind = 'issue';

CREATE INDEX assessmentByName ON assessment (traceID, kind, name);

CREATE TABLE clientSecret (
    principal TEXT NOT NULL PRIMARY KEY REFERENCES principal (objectID) ON DELETE CASCADE,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL
) WITHOUT ROWID;

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

CREATE TABLE deploymentStatus (
    document INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    changedAt INTEGER NOT NULL,
    submission INTEGER NOT NULL
);

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL DEFAULT '',
    ordinal INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL CHECK (json_valid(body)),
    state TEXT NOT NULL DEFAULT '',
    fingerprint TEXT,
    archived INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 1,
    createdAt INTEGER NOT NULL,
    createdBy TEXT NOT NULL,
    modifiedAt INTEGER NOT NULL,
    modifiedBy TEXT NOT NULL,
    UNIQUE (kind, scope, name, version)
);

CREATE INDEX documentByAge ON document (kind, scope, archived, id);

CREATE INDEX documentByFingerprint ON document (kind, scope, fingerprint) WHERE fingerprint IS NOT NULL;

CREATE INDEX documentByState ON document (kind, state) WHERE state <> '';

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

CREATE TABLE evaluationDatasetExperiment (
    datasetID INTEGER NOT NULL REFERENCES evaluationDataset (id) ON DELETE CASCADE,
    experimentID INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
    PRIMARY KEY (datasetID, experimentID)
) WITHOUT ROWID;

CREATE INDEX evaluationDatasetByExperiment ON evaluationDatasetExperiment (experimentID);

CREATE TABLE evaluationDatasetTag (
    datasetID INTEGER NOT NULL REFERENCES evaluationDataset (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (datasetID, key)
) WITHOUT ROWID;

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

CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);

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

CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    subscription TEXT NOT NULL,
    resourceGroup TEXT NOT NULL,
    workspace TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    compute TEXT NOT NULL,
    nodes INTEGER NOT NULL DEFAULT 1,
    submitterID TEXT NOT NULL,
    submitterName TEXT NOT NULL,
    submittedAt INTEGER NOT NULL,
    startedAt INTEGER,
    endedAt INTEGER,
    error TEXT,
    facts TEXT, parent TEXT, isPart INTEGER NOT NULL DEFAULT 0,
    UNIQUE (scope, name)
);

CREATE INDEX jobByParent ON job (scope, parent) WHERE parent IS NOT NULL;

CREATE INDEX jobUnfinished ON job (id)
    WHERE status NOT IN ('Completed', 'Failed', 'Canceled') AND isPart = 0;

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
    updatedAt INTEGER NOT NULL, folder TEXT,
    UNIQUE (workspaceID, modelID)
);

CREATE INDEX loggedModelByAge ON loggedModel (experimentID, isDeleted, createdAt DESC, modelID);

CREATE INDEX loggedModelByFolder ON loggedModel (folder) WHERE folder IS NOT NULL;

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

CREATE TABLE metricPoint (
    runID INTEGER NOT NULL,
    keyID INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    step INTEGER NOT NULL,
    value REAL NOT NULL,
    isNaN INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (runID, keyID, timestamp, step, value, isNaN)
) WITHOUT ROWID;

CREATE TABLE param (
    runID INTEGER NOT NULL,
    keyID INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (runID, keyID)
) WITHOUT ROWID;

CREATE INDEX paramByValue ON param (keyID, value) WHERE length(value) <= 200;

CREATE TABLE principal (
    objectID TEXT NOT NULL PRIMARY KEY,
    clientID TEXT NOT NULL UNIQUE,
    displayName TEXT NOT NULL,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    isLocalUser INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE UNIQUE INDEX principal_localUser ON principal (isLocalUser) WHERE isLocalUser = 1;

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

CREATE TABLE registeredModelAlias (
    registeredModelID INTEGER NOT NULL REFERENCES registeredModel (id) ON DELETE CASCADE,
    alias TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (registeredModelID, alias)
) WITHOUT ROWID;

CREATE TABLE registeredModelTag (
    registeredModelID INTEGER NOT NULL REFERENCES registeredModel (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (registeredModelID, key)
) WITHOUT ROWID;

CREATE TABLE resourceGroup (
    key TEXT NOT NULL PRIMARY KEY,
    subscription TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
) WITHOUT ROWID;

CREATE TABLE roleAssignment (
    id TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL REFERENCES principal (objectID) ON DELETE CASCADE,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    scopeKey TEXT NOT NULL,
    created INTEGER NOT NULL,
    createdBy TEXT NOT NULL,
    UNIQUE (principal, role, scopeKey)
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

CREATE TABLE secret (name TEXT NOT NULL PRIMARY KEY, box BLOB NOT NULL) WITHOUT ROWID;

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

CREATE TABLE storageAccount (
    name TEXT NOT NULL PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspace (key) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE tag (
    runID INTEGER NOT NULL,
    keyID INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (runID, keyID)
) WITHOUT ROWID;

CREATE INDEX tagByValue ON tag (keyID, value) WHERE length(value) <= 200;

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

CREATE INDEX traceByDuration ON trace (experimentID, duration);

CREATE INDEX traceByTime ON trace (experimentID, requestTime DESC, traceID);

CREATE TABLE traceLink (
    workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
    traceID TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (workspaceID, traceID, kind, target)
) WITHOUT ROWID;

CREATE INDEX traceLinkByTarget ON traceLink (workspaceID, kind, target);

CREATE TABLE traceMetadata (
    traceID INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (traceID, key)
) WITHOUT ROWID;

CREATE INDEX traceMetadataByValue ON traceMetadata (key, value) WHERE length(value) <= 200;

CREATE TABLE traceTag (
    traceID INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (traceID, key)
) WITHOUT ROWID;

CREATE TABLE trackingKey (
    id INTEGER PRIMARY KEY,
    workspaceID INTEGER NOT NULL REFERENCES trackingWorkspace (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    UNIQUE (workspaceID, name)
);

CREATE TABLE trackingWorkspace (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
);

CREATE TABLE workspace (
    key TEXT NOT NULL PRIMARY KEY,
    guid TEXT NOT NULL UNIQUE,
    subscription TEXT NOT NULL,
    resourceGroup TEXT NOT NULL,
    name TEXT NOT NULL,
    account TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    createdAt INTEGER NOT NULL,
    createdBy TEXT NOT NULL,
    modifiedAt INTEGER NOT NULL
);
