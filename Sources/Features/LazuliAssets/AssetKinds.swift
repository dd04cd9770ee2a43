import LazuliDomain
import LazuliPersistence
import LazuliResources

/// The tables of the five kinds of versioned assets.
/// Source: `DataVersions`, `ModelVersions`, `EnvironmentVersions`, `ComponentVersions`, `CodeVersions` of the specification.
enum AssetKinds {
    static let data = kind(
        "Data", of: .data,
        .tagged(
            by: "dataType",
            [
                "uri_file": .object(SharedSchemas.asset + [.required("dataUri", .string)] + dataExtras),
                "uri_folder": .object(SharedSchemas.asset + [.required("dataUri", .string)] + dataExtras),
                "mltable": .object(
                    SharedSchemas.asset + [.required("dataUri", .string), .optional("referencedUris", .array(.string))]
                        + dataExtras),
            ]))

    private static let dataExtras: [Field] = [.optional("intellectualProperty", .any), .optional("stage", .string)]

    static let models = kind(
        "Models", of: .models,
        .object(
            SharedSchemas.asset + [
                .required("modelUri", .string),
                .optional("modelType", .oneOf(["custom_model", "mlflow_model", "triton_model"])),
                .optional("flavors", .any), .optional("jobName", .string), .optional("stage", .string),
                .optional("datasets", .any), .optional("intellectualProperty", .any),
                .optional("defaultDeploymentTemplate", .any),
            ]))

    static let environments = kind(
        "Environments", of: .environments,
        .object(
            SharedSchemas.asset + [
                .optional("image", .string), .optional("condaFile", .string),
                .optional(
                    "build",
                    .object([.required("contextUri", .string), .optional("dockerfilePath", .string)])),
                .optional("osType", .oneOf(["Linux", "Windows"])), .optional("inferenceConfig", .any),
                .optional("autoRebuild", .string), .optional("stage", .string), .optional("intellectualProperty", .any),
                .readOnly("environmentType"),
            ]))

    static let components = kind(
        "Components", of: .components,
        .object(SharedSchemas.asset + [.required("componentSpec", .any), .optional("stage", .string)]),
        // Clients of some kinds of component send a specification that differs in derived members alone.
        mutable: SharedSchemas.mutableAssetMembers)

    static let codes = kind(
        "Codes", of: .codes,
        .object(SharedSchemas.asset + [.required("codeUri", .string)]))

    private static func kind(
        _ plural: String, of asset: AssetKind, _ properties: Schema,
        mutable: Set<String> = SharedSchemas.mutableAssetMembers
    ) -> DocumentKind {
        DocumentKind(
            plural, singular: asset.singular, at: asset.rawValue, shape: .versioned, properties: properties,
            mutableMembers: mutable)
    }
}
