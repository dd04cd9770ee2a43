import LazuliAccess
import LazuliResources
import Testing

@Suite("The authorizer")
struct AuthorizerTests {
    private static let writeJobs = "Microsoft.MachineLearningServices/workspaces/jobs/write"

    @Test("A refusal names the caller, the action, the scope, the roles held and the command that helps")
    func message() async throws {
        try await AccessFixture.with { fixture in
            let caller = try await fixture.program(.reader, named: "ci")
            let error = await failure(ServiceError.self) {
                try await fixture.access.authorizer.require(Self.writeJobs, of: caller, at: AccessFixture.workspace)
            }
            #expect(error?.code == .forbidden)
            #expect(error?.target == Self.writeJobs)
            #expect(
                error?.message == "\"ci\" may not do \(Self.writeJobs) at \(AccessFixture.workspace): "
                    + "none of their roles (Reader) allows it. Ask an owner to run: lazuli role assignment create "
                    + "--assignee \(caller.objectID) --role \"AzureML Data Scientist\" --scope \(AccessFixture.workspace)"
            )
        }
    }

    @Test("A caller without roles may do nothing and is told so")
    func noRoles() async throws {
        try await AccessFixture.with { fixture in
            let made = try await fixture.access.principals.create(displayName: "nobody").principal
            let caller = Caller(objectID: made.objectID, name: made.displayName)
            let error = await failure(ServiceError.self) {
                try await fixture.access.authorizer.require(Self.writeJobs, of: caller, at: AccessFixture.workspace)
            }
            #expect(error?.message.contains("they have no role there") == true)
        }
    }

    @Test("The local user owns everything from the first start on, and stays the same person")
    func owner() async throws {
        try await AccessFixture.with { fixture in
            #expect(
                await fixture.isAllowed(
                    "Microsoft.Authorization/roleAssignments/write", fixture.ownerCaller, at: "/"))
            let again = try await AccessFixture.open(fixture.folder, fixture.hands.clock)
            #expect(again.owner == fixture.access.owner)
            #expect(again.principals.list().count == 1)
        }
    }

    @Test("A role given is in force at the next call, and so is one taken away")
    func effectiveAtNextCall() async throws {
        try await AccessFixture.with { fixture in
            let principal = try await fixture.access.principals.create(displayName: "app").principal
            let caller = Caller(objectID: principal.objectID, name: principal.displayName)
            #expect(await !fixture.isAllowed(Self.writeJobs, caller))
            let made = try await fixture.access.roleAssignments.create(
                .dataScientist, to: principal, at: AccessScope(parsing: AccessFixture.workspace),
                by: fixture.ownerCaller)
            #expect(await fixture.isAllowed(Self.writeJobs, caller))
            try await fixture.access.roleAssignments.delete(made.assignment)
            #expect(await !fixture.isAllowed(Self.writeJobs, caller))
        }
    }

    @Test("Many changes at once leave memory and database of one mind")
    func concurrentChanges() async throws {
        try await AccessFixture.with { fixture in
            let callers = try await withThrowingTaskGroup(of: Caller.self) { group in
                for index in 0..<40 { group.addTask { try await fixture.program(.reader, named: "app-\(index)") } }
                return try await group.reduce(into: [Caller]()) { $0.append($1) }
            }
            #expect(fixture.access.principals.list().count == 41)
            for caller in callers {
                #expect(await fixture.isAllowed("Microsoft.MachineLearningServices/workspaces/read", caller))
            }
        }
    }

    @Test("The last Owner over everything cannot be taken away, nor the local user deleted")
    func lastOwner() async throws {
        try await AccessFixture.with { fixture in
            let own = fixture.access.roleAssignments.list(at: .everything)
            #expect(own.count == 1)
            for assignment in own {
                let error = await failure(ServiceError.self) {
                    try await fixture.access.roleAssignments.delete(assignment)
                }
                #expect(error?.code == .conflict)
            }
            let error = await failure(ServiceError.self) {
                try await fixture.access.principals.delete(fixture.access.owner)
            }
            #expect(error?.code == .conflict)
            _ = try await fixture.program(.owner)
            for assignment in own { try await fixture.access.roleAssignments.delete(assignment) }
            #expect(await !fixture.isAllowed(Self.writeJobs, fixture.ownerCaller))
        }
    }
}
