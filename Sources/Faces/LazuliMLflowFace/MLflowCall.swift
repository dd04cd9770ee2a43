import HTTPTypes
import Hummingbird
import LazuliDomain
import LazuliResources
import LazuliTracking

/// One request, read.
struct MLflowCall: Sendable {
    let services: MLflowServices
    let authorizer: any Authorizer
    let scope: WorkspaceScope
    let caller: Caller
    let request: Request
    /// How the client reached the server: `http` or `https`.
    let scheme: String
    /// What filled the places of the row's path, decoded.
    let places: [String: [String]]
    private(set) var fields: Fields
    /// The bytes of a JSON body.
    let bodySize: Int

    /// What filled a place of one segment.
    func place(_ name: String) -> String { places[name]?.first ?? "" }

    /// - Throws: `forbidden` if the caller may not do this in the workspace.
    func require(_ action: MLflowAction) async throws {
        if let name = action.name { try await authorizer.require(name, of: caller, at: scope.id) }
    }

    /// The same request with other members.
    func with(_ fields: Fields) -> MLflowCall {
        var call = self
        call.fields = fields
        return call
    }
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
    let imports: ImportService
    let purges: PurgeService
    let multipart = MultipartUploads()
    let signature = PartSignature()
    let clock: WallClock
    let artifacts: ArtifactStore
    let traces: TraceService
    let assessments: AssessmentService
    let evaluation: EvaluationService
    let scorers: ScorerService
    let issues: IssueService
}
