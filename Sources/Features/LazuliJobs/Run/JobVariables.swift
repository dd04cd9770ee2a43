import Foundation
import LazuliDomain
import LazuliResources

/// The environment variables of a job's command. Nothing is inherited from the server but where programs lie.
struct JobVariables: Sendable {
    let settings: JobSettings

    func variables(
        for job: CommandJob, _ record: JobRecord, _ ports: JobStaging.Ports, _ environment: ReadyEnvironment,
        cores: Int?, _ folder: JobFolder
    ) async throws -> [String: String] {
        var variables = ProgramVariables.base(
            programsIn: ["\(folder.packages.path)/bin", environment.binFolder])
        // Libraries count the machine's cores, not those the job may use.
        if let cores { variables["OMP_NUM_THREADS"] = "\(cores)" }
        for (name, value) in environment.variables { variables[name] = value }
        for (name, value) in environment.privateInstalls(folder.packages.path) { variables[name] = value }
        for (name, value) in Self.identity(of: record, job, folder) { variables[name] = value }
        let caller = record.submittedBy.inside(run: record.name)
        for (name, value) in try await settings.serverVariables(record.scope, caller) {
            variables[name] = value
        }
        for (name, value) in Self.ports(ports) { variables[name] = value }
        let expression = CommandExpression(values: ports.values)
        for (name, value) in job.environmentVariables { variables[name] = try expression.filled(value) }
        return variables
    }

    /// What scripts ask about the run they are in.
    private static func identity(of record: JobRecord, _ job: CommandJob, _ folder: JobFolder) -> [String: String] {
        let scope = record.scope
        return [
            "AZUREML_RUN_ID": record.name, "AZUREML_ROOT_RUN_ID": record.name, "MLFLOW_RUN_ID": record.name,
            "AZUREML_ARM_SUBSCRIPTION": scope.subscription, "AZUREML_ARM_RESOURCEGROUP": scope.resourceGroup,
            "AZUREML_ARM_WORKSPACE_NAME": scope.workspace, "AZUREML_ARM_PROJECT_NAME": job.experimentName,
            "AZUREML_EXPERIMENT_SCOPE": scope.id, "AZUREML_WORKSPACE_SCOPE": scope.id,
            "MLFLOW_EXPERIMENT_NAME": job.experimentName, "AZUREML_CR_EXECUTION_WORKING_DIR_PATH": folder.work.path,
        ]
    }

    /// Inputs and outputs under both spellings that scripts in the field read.
    private static func ports(_ ports: JobStaging.Ports) -> [String: String] {
        var variables: [String: String] = [:]
        for (name, value) in ports.values {
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            let kind = parts[0] == "inputs" ? "INPUT" : "OUTPUT"
            variables["AZUREML_\(kind)_\(parts[1])"] = value
            variables["AZURE_ML_\(kind)_\(parts[1])"] = value
        }
        return variables
    }
}
