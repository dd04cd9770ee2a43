import LazuliResources
import Testing

@testable import LazuliEnvironments

@Suite("Choosing a Python and naming an environment")
struct PythonChoiceTests {
    private let machine = PythonInterpreters(
        [(3, 9), (3, 11), (3, 13)].map {
            PythonInterpreters.Interpreter(version: PythonVersion($0.0, $0.1), path: "/usr/bin/python3.\($0.1)")
        })

    private func chosen(_ wish: PythonWish?) throws -> (PythonVersion, Bool) {
        let choice = try machine.choose(wish)
        return (choice.interpreter.version, choice.substitution != nil)
    }

    @Test("The wished Python, or the nearest newer one, or the nearest older one; the last two with a notice")
    func choice() throws {
        #expect(try chosen(.exactly(PythonVersion(3, 9))) == (PythonVersion(3, 9), false))
        #expect(try chosen(nil) == (PythonVersion(3, 11), false))
        #expect(try chosen(.exactly(PythonVersion(3, 0))) == (PythonVersion(3, 11), false))
        #expect(try chosen(.exactly(PythonVersion(3, 7))) == (PythonVersion(3, 9), true))
        #expect(try chosen(.exactly(PythonVersion(3, 10))) == (PythonVersion(3, 11), true))
        #expect(try chosen(.exactly(PythonVersion(3, 14))) == (PythonVersion(3, 13), true))
        #expect(try chosen(.range(from: PythonVersion(3, 12), below: nil)) == (PythonVersion(3, 13), false))
        #expect(try chosen(.range(from: nil, below: PythonVersion(3, 9))) == (PythonVersion(3, 9), true))
        let sentence = try #require(try machine.choose(.exactly(PythonVersion(3, 7))).substitution)
        #expect(sentence.contains("Python 3.7 is not installed") && sentence.contains("installed: 3.9, 3.11, 3.13"))
    }

    @Test("Without any Python there is a clear error")
    func noPython() {
        #expect(throws: ServiceError.self) { try PythonInterpreters([]).choose(nil) }
        #expect(
            PythonInterpreters.discover(variables: ["HOME": "/no", "PATH": "/no"]).available.allSatisfy {
                !$0.path.contains("/no")
            })
    }

    @Test("The same content in another order and spelling is the same environment")
    func sameHash() {
        let python = PythonVersion(3, 11)
        let one = EnvironmentSpecification(requirements: ["Scikit_Learn == 1.5.2", "six"], notices: ["x"])
        let two = EnvironmentSpecification(requirements: ["six", "scikit-learn==1.5.2", "six"])
        #expect(EnvironmentHash.of(one, python: python) == EnvironmentHash.of(two, python: python))
        #expect(EnvironmentHash.of(one, python: python).count == 32)
    }

    @Test("Another version, Python or index is another environment")
    func otherHash() {
        let python = PythonVersion(3, 11)
        let specification = EnvironmentSpecification(requirements: ["six==1.16.0"])
        let hash = EnvironmentHash.of(specification, python: python)
        #expect(hash != EnvironmentHash.of(specification, python: PythonVersion(3, 10)))
        #expect(hash != EnvironmentHash.of(EnvironmentSpecification(requirements: ["six==1.17.0"]), python: python))
        var indexed = specification
        indexed.extraIndexes = ["https://example.org"]
        #expect(hash != EnvironmentHash.of(indexed, python: python))
    }

    @Test(
        "uv's refusals are understood",
        arguments: [
            (
                "cause: Because there is no version of scikit-learn==9.9.9 and you require scikit-learn==9.9.9, we can",
                UvComplaint.Kind.unknownVersion(name: "scikit-learn", version: "9.9.9")
            ),
            (
                "cause: Because no-such was not found in the package registry and you require no-such, we",
                .unknownPackage("no-such")
            ),
            (
                "cause: Because tensorflow==1.15.0 has no wheels with a matching Python ABI tag (e.g. `cp310`) and you",
                .noBuild(name: "tensorflow", version: "1.15.0")
            ),
            (
                "cause: Because a==1 depends on b>=2 and you require b==1, your requirements are unsatisfiable.",
                .conflict
            ),
            ("error: Failed to fetch: http://127.0.0.1:9/six/", .indexUnreachable),
            ("error: Couldn't parse requirement in `r.in` at position 0", .notUnderstood), ("what?", .notUnderstood),
        ])
    func complaints(message: String, kind: UvComplaint.Kind) {
        #expect(
            UvComplaint(messages: ["error: No solution found when resolving dependencies", "  " + message]).kind == kind
        )
    }

    @Test("The culprits are the requirements that uv speaks of")
    func culprits() {
        let complaint = UvComplaint(messages: ["cause: Because pandas==2.2.0 depends on numpy{x}>=1.22.4,<2 and you"])
        #expect(
            complaint.culprits(among: ["Pandas==2.2.0", "six", "numpy==1.19"]) == ["Pandas==2.2.0", "numpy==1.19"])
    }
}
