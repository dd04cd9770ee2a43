import LazuliResources
import Testing

@testable import LazuliScoringFace

@Suite("The document of an endpoint's interface")
struct InterfaceDocumentTests {
    private static let input: JSON = ["type": "array", "items": ["type": "number"]]
    private static let output: JSON = ["type": "array", "items": ["type": "string"]]
    private let described = InterfaceDocument(
        endpoint: "fraud", address: "http://127.0.0.1:7703/endpoints/fraud",
        model: [
            "input": input, "inputExample": [1, 2], "output": output, "outputExample": ["no"],
            "description": "Tells fraud from honest trade.",
        ])

    @Test("OpenAPI 3 has the host's schemas and examples in the places of request and answer")
    func current() {
        let document = described.current
        #expect(document["openapi"] == "3.0.3")
        #expect(document["info"]["title"] == "fraud")
        #expect(document["info"]["description"] == "Tells fraud from honest trade.")
        #expect(document["servers"] == [["url": "http://127.0.0.1:7703/endpoints/fraud"]])
        let post = document["paths"]["/score"]["post"]
        #expect(
            post["requestBody"]["content"]["application/json"] == ["schema": Self.input, "example": [1, 2]])
        #expect(
            post["responses"]["200"]["content"]["application/json"] == ["schema": Self.output, "example": ["no"]])
        #expect(document["components"]["securitySchemes"]["Key"]["scheme"] == "bearer")
        #expect(document["paths"]["/"]["get"]["security"] == [])
    }

    @Test("Swagger 2.0 has the same schemas as its definitions")
    func older() {
        let document = described.older
        #expect(document["swagger"] == "2.0")
        #expect(document["schemes"] == ["http"] && document["host"] == "127.0.0.1:7703")
        #expect(document["basePath"] == "/endpoints/fraud")
        #expect(
            document["definitions"]["ServiceInput"]
                == ["type": "array", "items": ["type": "number"], "example": [1, 2]])
        #expect(document["definitions"]["ServiceOutput"] == Self.output)
        let post = document["paths"]["/score"]["post"]
        #expect(post["responses"]["200"]["schema"]["$ref"] == "#/definitions/ServiceOutput")
        #expect(post["security"] == [["Bearer": []]])
    }

    @Test("An address of a host's own has no path below it")
    func hostAddress() {
        let document = InterfaceDocument(endpoint: "e", address: "https://e.eu.inference.ml.azure.com", model: .null)
        #expect(document.older["schemes"] == ["https"])
        #expect(document.older["host"] == "e.eu.inference.ml.azure.com" && document.older["basePath"] == "/")
    }

    @Test("A host that says nothing leaves open schemas and no examples")
    func silent() {
        let document = InterfaceDocument(endpoint: "e", address: "http://h/endpoints/e", model: .null)
        let body = document.current["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]
        #expect(body == ["schema": .emptyObject])
        #expect(document.older["definitions"] == ["ServiceInput": .emptyObject, "ServiceOutput": .emptyObject])
        #expect(document.current["info"]["description"].string?.isEmpty == false)
    }
}
