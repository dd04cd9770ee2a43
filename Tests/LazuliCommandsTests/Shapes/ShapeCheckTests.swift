import Foundation
import LazuliResources
import Testing

@testable import LazuliCommands

@Suite struct ShapeCheckTests {
    private func check(_ yaml: String, _ kind: ResourceKind = .job, folder: String = "/") throws -> JSON {
        try ShapeChecker.check(YAMLDocument.parse(yaml, name: "job.yml", folder: folder), kind.fields)
    }

    @Test("a mistyped key is told with file, line, column and the nearest right key")
    func tellsMistypedKey() {
        let error = #expect(throws: ServiceError.self) { try check("command: x\nenviroment: azureml:e:1\n") }
        let text = error.map { ErrorReport($0).text } ?? ""
        #expect(text.contains("job.yml:2:1: unknown key \"enviroment\". Did you mean \"environment\"?"))
    }

    @Test("all problems are told at once, in the order of the file")
    func tellsAllProblems() {
        let yaml = """
            type: command
            command: x
            environment: azureml:e:1
            inputs:
              a: {type: uri_fil, path: https://x/y}
            limits:
              timeout: soon
            resources:
              instance_cuont: 2
            """
        let error = #expect(throws: ServiceError.self) { try check(yaml) }
        let lines = error?.details.map(\.message) ?? []
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("job.yml:5:13: ") ?? false)
        #expect(lines.first?.contains("Did you mean \"uri_file\"?") ?? false)
        #expect(lines.dropFirst().first?.contains("\"limits.timeout\" must be a whole number, not \"soon\"") ?? false)
        #expect(lines.last?.contains("Did you mean \"instance_count\"?") ?? false)
    }

    @Test("a missing key is told")
    func tellsMissingKey() {
        let error = #expect(throws: ServiceError.self) { try check("command: x\n") }
        #expect(error?.message.contains("the key \"environment\" is missing") ?? false)
    }

    @Test("a type that does not exist is told with those that do")
    func tellsUnknownType() {
        let error = #expect(throws: ServiceError.self) { try check("type: sweeep\ncommand: x\n") }
        #expect(error?.message.contains("Did you mean \"sweep\"?") ?? false)
    }

    @Test("a reference without a version is told with what to write")
    func tellsMissingVersion() {
        let error = #expect(throws: ServiceError.self) { try check("command: x\nenvironment: azureml:sklearn\n") }
        #expect(error?.message.contains("azureml:sklearn@latest") ?? false)
    }

    @Test("expressions may stand for any scalar")
    func allowsExpressions() throws {
        let yaml =
            "command: x\nenvironment: azureml:e:1\nresources: {instance_count: '${{parent.inputs.n}}'}\nlimits: {timeout: '${{x}}'}"
        #expect(try check(yaml)["resources"]["instance_count"] == "${{parent.inputs.n}}")
    }

    @Test("paths start from the file's folder and must be there")
    func checksPaths() throws {
        let folder = try TemporaryFolder(["src/train.py": "", "data/x.csv": "1"])
        defer { folder.remove() }
        let good = try check(
            "command: x\nenvironment: e:1\ncode: ./src\ninputs: {d: {type: uri_file, path: data/x.csv}}",
            folder: folder.path)
        #expect(good["code"] == .string(folder.path + "/src"))
        #expect(good["inputs"]["d"]["path"] == .string(folder.path + "/data/x.csv"))
        let error = #expect(throws: ServiceError.self) {
            try check("command: x\nenvironment: e:1\ncode: ./scr\n", folder: folder.path)
        }
        #expect(error?.message.contains("job.yml:3:7: \"code\" names ./scr") ?? false)
        #expect(error?.message.contains("Did you mean \"src\"?") ?? false)
    }

    @Test("a component file in a pipeline is read from its own folder")
    func readsComponentFiles() throws {
        let component = "name: train\ncommand: python t.py\nenvironment: azureml:e@latest\ncode: ../src\n"
        let folder = try TemporaryFolder(["src/t.py": "", "parts/train.yml": component])
        defer { folder.remove() }
        let pipeline = "type: pipeline\njobs:\n  a:\n    component: ./parts/train.yml\n"
        let checked = try check(pipeline, folder: folder.path)
        #expect(checked["jobs"]["a"]["component"]["code"] == .string(folder.path + "/src"))
    }

    @Test("a problem in a file that the file names is told with that file's name")
    func tellsProblemOfNamedFile() throws {
        let folder = try TemporaryFolder(["train.yml": "name: train\ncomand: x\nenvironment: e:1\n"])
        defer { folder.remove() }
        let error = #expect(throws: ServiceError.self) {
            try check("type: pipeline\njobs: {a: {component: ./train.yml}}", folder: folder.path)
        }
        let text = error.map { ErrorReport($0).text } ?? ""
        #expect(text.contains("train.yml:2:1: unknown key \"comand\""))
    }

    @Test("files that name each other are refused")
    func refusesCycles() throws {
        let folder = try TemporaryFolder(["a.yml": "type: pipeline\njobs: {x: {component: ./a.yml}}"])
        defer { folder.remove() }
        let error = #expect(throws: ServiceError.self) {
            try check("type: pipeline\njobs: {x: {component: ./a.yml}}", folder: folder.path)
        }
        #expect(error.map { ErrorReport($0).text.contains("contains itself") } ?? false)
    }

    @Test("a file that is no mapping is refused", arguments: ["- a\n- b\n", "text", ""])
    func refusesOtherRoots(yaml: String) {
        #expect(throws: ServiceError.self) { try check(yaml) }
    }

    @Test("the schema's address and what only the server says may stand in a file")
    func acceptsServerKeys() throws {
        let yaml =
            "$schema: https://x/commandJob.schema.json\ncommand: x\nenvironment: e:1\nstatus: Completed\nid: /subscriptions/x\n"
        let checked = try check(yaml)
        #expect(checked["status"].isNull)
        #expect(checked["$schema"].isNull)
    }

    @Test("values set on the command line are checked too, and told by their flag")
    func tellsFlagProblems() throws {
        var document = try YAMLDocument.parse("command: x\nenvironment: e:1\n", name: "job.yml", folder: "/")
        document.root = try Assignment("limits.timeout=soon").apply(to: document.root)
        let error = #expect(throws: ServiceError.self) { try ShapeChecker.check(document, ResourceKind.job.fields) }
        #expect(error?.message.hasPrefix("--set limits.timeout=soon: ") ?? false)
    }
}
