import ArgumentParser

struct WorkspaceGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workspace", abstract: WorkspaceKind.kind.documentation,
        subcommands: [
            CreateCommand<WorkspaceKind>.self, ShowCommand<WorkspaceKind>.self, ListCommand<WorkspaceKind>.self,
            UpdateCommand<WorkspaceKind>.self, DeleteCommand<WorkspaceKind>.self, ActionCommand<WorkspaceKeys>.self,
            ActionCommand<WorkspaceSyncKeys>.self, ActionCommand<WorkspaceDiagnose>.self,
            ActionCommand<WorkspaceNetwork>.self,
        ])
}

struct DatastoreGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datastore", abstract: DatastoreKind.kind.documentation,
        subcommands: [
            CreateCommand<DatastoreKind>.self, ShowCommand<DatastoreKind>.self, ListCommand<DatastoreKind>.self,
            UpdateCommand<DatastoreKind>.self, DeleteCommand<DatastoreKind>.self,
        ])
}

/// The verbs of data, environments, models and components.
enum AssetVerbs<Kind: KindName> {
    static var all: [any ParsableCommand.Type] {
        [
            CreateCommand<Kind>.self, ShowCommand<Kind>.self, ListCommand<Kind>.self, UpdateCommand<Kind>.self,
            ArchiveCommand<Kind>.self, RestoreCommand<Kind>.self, DeleteCommand<Kind>.self,
        ]
    }
}

struct DataGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: DataKind.kind.documentation, subcommands: AssetVerbs<DataKind>.all)
}

struct EnvironmentGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: EnvironmentKind.kind.documentation,
        subcommands: AssetVerbs<EnvironmentKind>.all)
}

struct ModelGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: ModelKind.kind.documentation,
        subcommands: AssetVerbs<ModelKind>.all + [ModelDownload.self])
}

struct ComponentGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "component", abstract: ComponentKind.kind.documentation, subcommands: AssetVerbs<ComponentKind>.all
    )
}

struct ComputeGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compute", abstract: ComputeKind.kind.documentation,
        subcommands: [
            CreateCommand<ComputeKind>.self, ShowCommand<ComputeKind>.self, ListCommand<ComputeKind>.self,
            UpdateCommand<ComputeKind>.self, DeleteCommand<ComputeKind>.self, ComputeDetach.self, ComputeAttach.self,
            ActionCommand<ComputeStart>.self, ActionCommand<ComputeStop>.self, ActionCommand<ComputeRestart>.self,
            ActionCommand<ComputeNodes>.self, ActionCommand<ComputeSSO>.self, ComputeSizes.self, ComputeUsage.self,
        ])
}

struct JobGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: JobKind.kind.documentation,
        subcommands: [
            JobCreate.self, ShowCommand<JobKind>.self, JobList.self, JobStream.self, JobCancel.self,
            JobDownloadCommand.self,
            JobArchive.self, JobRestore.self, JobUpdate.self, JobValidate.self, JobServices.self,
            DeleteCommand<JobKind>.self,
        ])
}

struct ScheduleGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: ScheduleKind.kind.documentation,
        subcommands: [
            CreateCommand<ScheduleKind>.self, ShowCommand<ScheduleKind>.self, ScheduleList.self,
            UpdateCommand<ScheduleKind>.self,
            DeleteCommand<ScheduleKind>.self, ScheduleSwitch<EnableSchedule>.self, ScheduleSwitch<DisableSchedule>.self,
            ActionCommand<ScheduleTrigger>.self,
        ])
}

struct OnlineEndpointGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "online-endpoint", abstract: OnlineEndpointKind.kind.documentation,
        subcommands: [
            CreateCommand<OnlineEndpointKind>.self, ShowCommand<OnlineEndpointKind>.self,
            ListCommand<OnlineEndpointKind>.self,
            OnlineEndpointUpdate.self, DeleteCommand<OnlineEndpointKind>.self, OnlineInvoke.self,
            EndpointCredentials.self,
            EndpointRegenerateKeys.self, EndpointMetrics.self,
        ])
}

struct OnlineDeploymentGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "online-deployment", abstract: OnlineDeploymentKind.kind.documentation,
        subcommands: [
            OnlineDeploymentCreate.self, ShowCommand<OnlineDeploymentKind>.self,
            ListCommand<OnlineDeploymentKind>.self,
            UpdateCommand<OnlineDeploymentKind>.self, DeleteCommand<OnlineDeploymentKind>.self, DeploymentLogs.self,
            DeploymentRequests.self,
        ])
}

struct BatchEndpointGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch-endpoint", abstract: BatchEndpointKind.kind.documentation,
        subcommands: [
            CreateCommand<BatchEndpointKind>.self, ShowCommand<BatchEndpointKind>.self,
            ListCommand<BatchEndpointKind>.self,
            UpdateCommand<BatchEndpointKind>.self, DeleteCommand<BatchEndpointKind>.self, BatchInvoke.self,
            BatchJobs<BatchEndpointKind>.self,
        ])
}

struct BatchDeploymentGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch-deployment", abstract: BatchDeploymentKind.kind.documentation,
        subcommands: [
            CreateCommand<BatchDeploymentKind>.self, ShowCommand<BatchDeploymentKind>.self,
            ListCommand<BatchDeploymentKind>.self,
            UpdateCommand<BatchDeploymentKind>.self, DeleteCommand<BatchDeploymentKind>.self,
            BatchJobs<BatchDeploymentKind>.self,
        ])
}

struct ConnectionGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connection", abstract: ConnectionKind.kind.documentation,
        subcommands: [
            CreateCommand<ConnectionKind>.self, ShowCommand<ConnectionKind>.self, ListCommand<ConnectionKind>.self,
            UpdateCommand<ConnectionKind>.self, DeleteCommand<ConnectionKind>.self,
        ])
}

/// `lazuli ml …`: with `alias az=lazuli` scripts written for the cloud's command line run as they are.
struct CloudAliasGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ml", abstract: "The same groups, as `az ml` names them.", shouldDisplay: false,
        subcommands: LazuliCommandLine.kindGroups)
}
