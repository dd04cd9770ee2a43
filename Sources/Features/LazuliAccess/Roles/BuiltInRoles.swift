/// The roles there are, as Azure publishes them (Azure built-in roles: General, AI + machine learning, Storage).
///
/// Two deliberate differences. Azure's general roles carry no data actions; here the storage account belongs to the
/// workspace, so Owner, Contributor and AzureML Data Scientist read, write and delete blobs, Reader reads them, and
/// AzureML Compute Operator does neither; AzureML Data Scientist also sees and makes containers. And AzureML Compute
/// Operator may also read its workspace and list machine sizes, without which no client could show it anything.
extension Role {
    public static let builtIn: [Role] = [
        owner, contributor, reader, dataScientist, computeOperator, blobOwner, blobContributor, blobReader,
    ]

    /// The order in which a missing permission is suggested.
    static let fromNarrowest: [Role] = [
        reader, blobReader, blobContributor, computeOperator, dataScientist, contributor, owner,
    ]

    public static let owner = Role(
        "Owner", id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "Does everything, including giving roles to others.",
        actions: ["*"], dataActions: allOfBlobs)

    public static let contributor = Role(
        "Contributor", id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "Does everything except giving roles to others.",
        actions: ["*"],
        notActions: [
            "Microsoft.Authorization/*/delete", "Microsoft.Authorization/*/write",
            "Microsoft.Authorization/elevateAccess/action",
        ],
        dataActions: allOfBlobs)

    public static let reader = Role(
        "Reader", id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "Sees everything and changes nothing.",
        actions: ["*/read"], dataActions: readingBlobs)

    public static let dataScientist = Role(
        "AzureML Data Scientist", id: "f6c7c914-8db3-469d-8ca1-694a8f32e121",
        "Does everything within a workspace except creating or deleting computes and changing the workspace itself.",
        actions: [
            "Microsoft.MachineLearningServices/workspaces/*/read",
            "Microsoft.MachineLearningServices/workspaces/*/action",
            "Microsoft.MachineLearningServices/workspaces/*/delete",
            "Microsoft.MachineLearningServices/workspaces/*/write",
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
            "Microsoft.Storage/storageAccounts/blobServices/containers/write",
        ],
        notActions: [
            "Microsoft.MachineLearningServices/workspaces/delete",
            "Microsoft.MachineLearningServices/workspaces/write",
            "Microsoft.MachineLearningServices/workspaces/listKeys/action",
            "Microsoft.MachineLearningServices/workspaces/computes/*/write",
            "Microsoft.MachineLearningServices/workspaces/computes/*/delete",
            "Microsoft.MachineLearningServices/workspaces/computes/listKeys/action",
        ],
        dataActions: allOfBlobs)

    public static let computeOperator = Role(
        "AzureML Compute Operator", id: "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
        "Creates, changes and deletes computes of a workspace and manages who may use them; nothing else.",
        actions: [
            "Microsoft.MachineLearningServices/workspaces/computes/*",
            "Microsoft.MachineLearningServices/workspaces/notebooks/vmSizes/read",
            "Microsoft.MachineLearningServices/workspaces/read",
            "Microsoft.MachineLearningServices/locations/*/read",
        ])

    public static let blobOwner = Role(
        "Storage Blob Data Owner", id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        "Has full access to containers and blobs.",
        actions: ["Microsoft.Storage/storageAccounts/blobServices/containers/*", delegationKey],
        dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"])

    public static let blobContributor = Role(
        "Storage Blob Data Contributor", id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        "Reads, writes and deletes containers and blobs.",
        actions: [
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
            "Microsoft.Storage/storageAccounts/blobServices/containers/write",
            "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
            delegationKey,
        ],
        dataActions: allOfBlobs)

    public static let blobReader = Role(
        "Storage Blob Data Reader", id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        "Reads containers and blobs.",
        actions: ["Microsoft.Storage/storageAccounts/blobServices/containers/read", delegationKey],
        dataActions: readingBlobs)

    private static let delegationKey: ActionPattern =
        "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"

    private static let readingBlobs: [ActionPattern] = [
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    ]

    private static let allOfBlobs: [ActionPattern] =
        readingBlobs + [
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
        ]
}
