import HTTPTypes
import Hummingbird
import LazuliResources
import LazuliTracking

/// One request, read.
struct MLflowCall: Sendable {
    let services: MLflowServices
    let scope: WorkspaceScope
    let caller: Caller
    let request: Request
    /// What filled the places of the row's path, decoded.
    let places: [String: [String]]
    let fields: Fields
    /// The bytes of a JSON body.
    let bodySize: Int

    /// What filled a place of one segment.
    func place(_ name: String) -> String { places[name]?.first ?? "" }
}

/// The services behind the calls.
struct MLflowServices: Sendable {
    let experiments: ExperimentService
    let runs: RunService
    let metrics: MetricService
    let loggedModels: LoggedModelService
    let search: SearchService
    let registry: RegistryService
    let registrySearch: RegistrySearch
    let artifacts: ArtifactStore
    let traces: TraceService
    let assessments: AssessmentService
}
