import LazuliAccess
import LazuliResources
import Testing

@Suite("Roles")
struct RoleTests {
    private static let workspaces = "Microsoft.MachineLearningServices/workspaces"
    private static let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"

    /// For each action: who may do it. O owner, C contributor, R reader, S data scientist, P compute operator,
    /// and the blob roles b owner, c contributor, r reader.
    static let matrix: [(action: String, allowed: String)] = [
        ("\(workspaces)/read", "OCRSP"),
        ("\(workspaces)/write", "OC"),
        ("\(workspaces)/delete", "OC"),
        ("\(workspaces)/listKeys/action", "OC"),
        ("\(workspaces)/jobs/read", "OCRS"),
        ("\(workspaces)/jobs/write", "OCS"),
        ("\(workspaces)/jobs/delete", "OCS"),
        ("\(workspaces)/jobs/cancel/action", "OCS"),
        ("\(workspaces)/models/versions/write", "OCS"),
        ("\(workspaces)/onlineEndpoints/deployments/write", "OCS"),
        ("\(workspaces)/onlineEndpoints/score/action", "OCS"),
        ("\(workspaces)/datastores/listSecrets/action", "OCS"),
        ("\(workspaces)/computes/read", "OCRSP"),
        ("\(workspaces)/computes/write", "OCP"),
        ("\(workspaces)/computes/delete", "OCP"),
        ("\(workspaces)/computes/start/action", "OCSP"),
        ("\(workspaces)/computes/listKeys/action", "OCP"),
        ("Microsoft.MachineLearningServices/locations/vmSizes/read", "OCRP"),
        ("Microsoft.Authorization/roleAssignments/read", "OCR"),
        ("Microsoft.Authorization/roleAssignments/write", "O"),
        ("Microsoft.Authorization/roleAssignments/delete", "O"),
        ("Microsoft.Authorization/principals/write", "O"),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/read", "OCRSbcr"),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/write", "OCSbc"),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/delete", "OCbc"),
        ("\(blobs)/read", "OCRSbcr"),
        ("\(blobs)/write", "OCSbc"),
        ("\(blobs)/delete", "OCSbc"),
        ("\(blobs)/tags/write", "b"),
    ]

    static let letters: [(letter: Character, role: Role)] = [
        ("O", .owner), ("C", .contributor), ("R", .reader), ("S", .dataScientist), ("P", .computeOperator),
        ("b", .blobOwner), ("c", .blobContributor), ("r", .blobReader),
    ]

    @Test("Each role allows its actions and no others", arguments: matrix)
    func eachRole(row: (action: String, allowed: String)) {
        for (letter, role) in Self.letters {
            #expect(role.allows(row.action) == row.allowed.contains(letter), "\(role.name): \(row.action)")
        }
    }

    @Test("The case of an action does not matter")
    func actionCase() {
        #expect(Role.reader.allows("microsoft.machinelearningservices/WORKSPACES/Jobs/READ"))
        #expect(!Role.contributor.allows("microsoft.authorization/ROLEASSIGNMENTS/Write"))
    }

    @Test("A role is found by name, GUID and definition id, whatever the case")
    func namedRoles() throws {
        #expect(try Role.named("azureml data scientist").name == "AzureML Data Scientist")
        #expect(try Role.named("ACDD72A7-3385-48ef-bd42-f606fba81ae7").name == "Reader")
        let id =
            "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/"
            + "b24988ac-6180-42a0-ab88-20f7382dd24c"
        #expect(try Role.named(id).name == "Contributor")
    }

    @Test("A mistyped role names the nearest one")
    func mistypedRole() {
        let error = #expect(throws: ServiceError.self) { try Role.named("Contibutor") }
        #expect(error?.message.contains("Did you mean \"Contributor\"?") == true)
    }

    @Test(
        "A role holds at its scope and below, not beside or above",
        arguments: [
            ("/", true), ("/subscriptions/SUB", true), ("/subscriptions/sub/resourcegroups/RG", true),
            (AccessFixture.workspace, true), (AccessFixture.workspace.uppercased(), true),
            ("/subscriptions/su", false), ("/subscriptions/sub/resourceGroups/r", false),
            (AccessFixture.workspace + "2", false), ("/subscriptions/other", false),
        ])
    func scopes(granted: String, holds: Bool) async throws {
        try await AccessFixture.with { fixture in
            let caller = try await fixture.program(.reader, at: granted)
            #expect(await fixture.isAllowed("\(Self.workspaces)/jobs/read", caller) == holds)
            #expect(await fixture.isAllowed("\(Self.workspaces)/read", caller, at: "/") == (granted == "/"))
        }
    }

    @Test(
        "What is no scope is refused",
        arguments: [
            "subscriptions/x", "/subscriptions", "/subscriptions//resourceGroups/g", "/nonsense", "",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
        ])
    func badScopes(text: String) {
        if text.isEmpty {
            #expect((try? AccessScope(parsing: text)) == .everything)
        } else {
            #expect(throws: ServiceError.self) { try AccessScope(parsing: text) }
        }
    }
}
