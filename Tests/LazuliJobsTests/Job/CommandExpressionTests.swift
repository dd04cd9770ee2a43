import LazuliResources
import Testing

@testable import LazuliJobs

@Suite("The expressions of a command")
struct CommandExpressionTests {
    private let expression = CommandExpression(values: [
        "inputs.data": "/in/data", "inputs.rate": "0.1", "inputs.odd": "${{inputs.rate}} $[[x]]",
        "outputs.model": "/out/model",
        "name": "job-1",
    ])

    @Test(
        "Inputs, outputs and the job's name are filled in every way they are written",
        arguments: [
            ("x ${{inputs.data}} y", "x /in/data y"), ("${{ inputs.data }}", "/in/data"),
            ("${{inputs['data']}}", "/in/data"),
            ("${{inputs[\"data\"]}}", "/in/data"), ("${{inputs.data.path}}/a", "/in/data/a"),
            ("${{outputs.model}}", "/out/model"),
            ("${{outputs.model.path}}", "/out/model"), ("${{name}}", "job-1"),
            ("${{inputs.rate}}${{inputs.rate}}", "0.10.1"),
            ("no names", "no names"), ("", ""), ("${HOME} $1 {{x}}", "${HOME} $1 {{x}}"),
            ("a\n${{inputs.rate}}\nb", "a\n0.1\nb"),
        ])
    func filled(command: String, expected: String) throws {
        #expect(try expression.filled(command) == expected)
    }

    @Test(
        "An optional part stays when all it names is given, and goes when anything is not",
        arguments: [
            ("run $[[--rate ${{inputs.rate}}]] end", "run --rate 0.1 end"),
            ("run $[[--seed ${{inputs.seed}}]] end", "run  end"),
            ("$[[${{inputs.rate}} ${{inputs.seed}}]]", ""), ("$[[always]]", "always"),
            ("$[[--a ${{inputs.rate}}]] $[[--b ${{inputs.none}}]]", "--a 0.1 "),
            ("$[[--d ${{inputs['data']}}]]", "--d /in/data"),
        ])
    func optionalParts(command: String, expected: String) throws {
        #expect(try expression.filled(command) == expected)
    }

    @Test("A value is put in as it is: what looks like an expression in it is not filled again")
    func valuesAreNotFilled() throws {
        #expect(try expression.filled("${{inputs.odd}}") == "${{inputs.rate}} $[[x]]")
        #expect(try expression.filled("$[[${{inputs.odd}}]]") == "${{inputs.rate}} $[[x]]")
    }

    @Test("An opening that is never closed stays as it is", arguments: ["${{inputs.data", "$[[x", "a ${{", "}} ]]"])
    func unclosed(command: String) throws {
        #expect(try expression.filled(command) == command)
    }

    @Test("All names without a value are told at once, each with the nearest that has one")
    func unknown() throws {
        let error = try #require(throws: ServiceError.self) {
            try expression.filled("${{inputs.dta}} ${{inputs.rate}} ${{output.model}} ${{search_space.x}}")
        }
        #expect(error.code == .invalidArgument)
        #expect(error.details.count == 3)
        #expect(error.message.contains("${{inputs.dta}}, which has no value. Did you mean \"inputs.data\"?"))
        #expect(error.message.contains("Did you mean \"outputs.model\"?"))
        #expect(error.message.contains("${{search_space.x}}"))
        #expect(error.details.allSatisfy { $0.target == "$.properties.command" })
    }

    @Test("A name of nothing has no value", arguments: ["${{}}", "${{ }}", "${{inputs}}", "${{inputs.data.other}}"])
    func nothing(command: String) {
        #expect(throws: ServiceError.self) { try expression.filled(command) }
    }
}
