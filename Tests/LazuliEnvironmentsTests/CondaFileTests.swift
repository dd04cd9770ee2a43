import LazuliResources
import Testing

@testable import LazuliEnvironments

@Suite("Conda files")
struct CondaFileTests {
    @Test("Names, versions and the pip section become requirements")
    func typical() throws {
        let specification = try CondaFile(
            text: """
                name: model-env
                channels:
                  - conda-forge
                dependencies:
                  - python=3.8
                  - numpy=1.21.2
                  - pip=21.2.4
                  - scikit-learn=1.0
                  - scipy==1.7.1
                  - conda-forge::pandas>=1.1,<1.2
                  - pytorch=1.9.0=py3.8_cuda10.2
                  - py-xgboost 1.5.0 py38_1
                  - matplotlib
                  - libgcc
                  - pip:
                    - inference-schema[numpy-support]==1.3.0  # for scoring
                    - mlflow== 2.8.0
                    - --extra-index-url https://example.org/simple
                    - sklearn
                """
        ).specification
        #expect(specification.python == .exactly(PythonVersion(3, 8)))
        #expect(
            specification.requirements == [
                "numpy==1.21.2", "pip", "scikit-learn==1.0.*", "scipy==1.7.1", "pandas>=1.1,<1.2", "torch==1.9.0",
                "xgboost==1.5.0", "matplotlib", "inference-schema[numpy-support]==1.3.0", "mlflow== 2.8.0",
                "scikit-learn",
            ])
        #expect(specification.extraIndexes == ["https://example.org/simple"])
        #expect(specification.notices.count == 3)
        #expect(specification.notices.contains { $0.contains("\"libgcc\" is a system package") })
    }

    @Test(
        "Python constraints",
        arguments: [
            ("python", PythonWish.range(from: nil, below: nil)), ("python=3.10", .exactly(PythonVersion(3, 10))),
            ("python==3.9.7", .exactly(PythonVersion(3, 9))), ("python=3.7.*", .exactly(PythonVersion(3, 7))),
            ("python>=3.8,<3.11", .range(from: PythonVersion(3, 8), below: PythonVersion(3, 11))),
            ("python>3.8", .range(from: PythonVersion(3, 9), below: nil)), ("python=3", .exactly(PythonVersion(3, 0))),
            ("python 3.11", .exactly(PythonVersion(3, 11))),
        ])
    func python(text: String, wish: PythonWish) throws {
        #expect(try CondaDependency(text).translation() == .python(wish))
    }

    @Test(
        "What cannot be is refused with its line and what to do",
        arguments: [
            ("dependencies:\n  - openjdk=11", "Line 2 of the conda file: \"openjdk\" is the Java platform"),
            ("dependencies:\n  - r-base", "belongs to R"),
            ("dependencies:\n  - python=2.7", "only Python 3 can be had"),
            ("dependencies:\n  - pip:\n    - -r requirements.txt", "Line 3 of the conda file has the pip option"),
            ("dependencies:\n  - pip:\n    - ./local.whl", "is a file"), ("dependencies: numpy", "must be a list"),
            ("dependencies:\n  - numpy=1.2\n bad", "is no valid YAML"), ("", "is empty"), ("- a", "is no YAML mapping"),
            ("dependancies:\n  - numpy", "Did you mean \"dependencies\"?"),
            ("name: x", "has no \"dependencies:\" list"),
            ("dependencies:\n  - numpy[version=1]", "is not understood"),
            ("dependencies:\n  - {conda: [a]}", "only \"pip\" is"),
            ("dependencies:\n  - python=abc", "names no Python version"),
        ])
    func refusals(text: String, expected: String) throws {
        let error = try #require(throws: ServiceError.self) { try CondaFile(text: text) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(expected))
    }

    @Test("All problems of a file are reported at once")
    func allProblems() throws {
        let error = try #require(throws: ServiceError.self) {
            try CondaFile(text: "dependencies:\n  - openjdk\n  - r-base\n  - pip:\n    - -e .\n")
        }
        #expect(error.details.count == 3)
    }

    @Test("A requirement list keeps requirements, drops comments and refuses files")
    func requirementList() throws {
        let list = try EnvironmentSpecification(requirementList: "# tools\nsix==1.16.0 # old\n\nrequests>=2\n")
        #expect(list.requirements == ["six==1.16.0", "requests>=2"])
        #expect(throws: ServiceError.self) { try EnvironmentSpecification(requirementList: "-c constraints.txt") }
    }
}
