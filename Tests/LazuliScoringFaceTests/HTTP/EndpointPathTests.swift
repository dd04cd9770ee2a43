import Testing

@testable import LazuliScoringFace

@Suite("Where a request leads")
struct EndpointPathTests {
    private func parts(_ path: String) -> [String]? {
        Array(path.utf8).withUnsafeBytes { bytes in
            EndpointPath.named(0..<bytes.count, bytes).map { found in
                [found.name, found.rest..<bytes.count].map { String(decoding: bytes[$0], as: UTF8.self) }
            }
        }
    }

    @Test(
        "A path names its endpoint and what is below it",
        arguments: [
            ("/endpoints/fraud/score", ["fraud", "/score"]), ("/endpoints/fraud", ["fraud", ""]),
            ("/endpoints/fraud/", ["fraud", "/"]), ("/Endpoints/Fraud/v2/a/b", ["Fraud", "/v2/a/b"]),
            ("/endpoints//score", ["", "/score"]), ("/endpoints/", nil), ("/endpoints", nil), ("/", nil), ("", nil),
            ("/endpointsx/fraud/score", nil), ("/score", nil),
        ] as [(String, [String]?)])
    func names(path: String, expected: [String]?) {
        #expect(parts(path) == expected)
    }

    @Test(
        "Azure's names of hosts mean the endpoint they begin with",
        arguments: [
            ("fraud.westeurope.inference.ml.azure.com", "fraud"),
            ("Fraud.WestEurope.Inference.ML.Azure.com:443", "fraud"),
            ("fraud.azurewebsites.net", "fraud"), ("x.westus.azurecontainer.io:80", "x"), ("localhost:7703", nil),
            ("127.0.0.1", nil), ("inference.ml.azure.com.example.org", nil), ("fraud", nil), ("", nil),
            ("fraud.eu.inference.ml.azure.comx", nil),
        ] as [(String, String?)])
    func hosts(host: String, endpoint: String?) {
        #expect(EndpointPath.endpoint(ofHost: host) == endpoint)
    }

    @Test(
        "Below an endpoint lie scores, health, the document and the page",
        arguments: [
            ("/score", .score), ("/invocations", .score), ("/v2/models/m/infer", .score), ("/v2", .score),
            ("", .health),
            ("/", .health), ("/swagger.json", .document), ("/docs", .page(file: "")), ("/docs/", .page(file: "/")),
            ("/docs/a.js", .page(file: "/a.js")), ("/scores", .unknown), ("/score/", .unknown), ("/v3/x", .unknown),
        ] as [(String, EndpointRoute)])
    func routes(rest: String, route: EndpointRoute) {
        #expect(EndpointPath.route(rest, .post) == route)
    }
}
