import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("How a replica is started")
struct ReplicaLaunchTests {
    private let launch = ReplicaLaunch(
        executable: "/env/bin/python", arguments: ["/tools/worker", "--größe=1 2"],
        environment: ["A": "", "PATH": "/bin:/usr/bin", "Ü": "line\nbreak \"quoted\""], workingDirectory: "/code dir",
        plan: ["kind": "script", "script": ["folder": "/code", "file": "score.py"]], memoryBytes: 14 << 30, cores: 0.5,
        readOnly: ["/models/a", "/models/b"])

    private func kept(_ launch: ReplicaLaunch) throws -> ReplicaLaunch? {
        ReplicaLaunch(json: try JSON(parsing: Array(launch.json.text.utf8)))
    }

    @Test("A launch comes back from its file as it was")
    func roundTrip() throws {
        #expect(try kept(launch) == launch)
    }

    @Test("A launch without limits comes back without limits")
    func unlimited() throws {
        var free = launch
        (free.memoryBytes, free.cores, free.readOnly, free.arguments, free.environment) = (nil, nil, [], [], [:])
        #expect(try kept(free) == free)
        #expect(free.json["memoryBytes"].isNull && free.json["cores"].isNull)
    }

    @Test("A file that lacks what every launch has is none", arguments: ["executable", "workingDirectory"])
    func incomplete(member: String) {
        var json = launch.json
        json[member] = .null
        #expect(ReplicaLaunch(json: json) == nil)
    }
}
