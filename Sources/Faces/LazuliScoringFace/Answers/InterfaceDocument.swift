import LazuliResources

/// The description of an endpoint's interface: OpenAPI 3, and Swagger 2.0 for the tools that read that.
///
/// Sources: the OpenAPI Specification 3.0.3 and 2.0; what a host says of its model is in Documentation/Scoring-hosts.md.
struct InterfaceDocument {
    let endpoint: String
    /// `http://127.0.0.1:7703/endpoints/name`, without a slash at its end.
    let address: String
    /// What the host says of its model; null when there is none to ask.
    let model: JSON

    private static let health: JSON = "Whether the endpoint has an instance that is ready."
    private static let score: JSON = "Scores what the body holds."

    private var input: JSON { model["input"].isNull ? .emptyObject : model["input"] }
    private var output: JSON { model["output"].isNull ? .emptyObject : model["output"] }
    private var description: JSON { .string(model["description"].string ?? "Scores with the endpoint's model.") }

    /// OpenAPI 3.
    var current: JSON {
        var request = JSONObject([("schema", input)])
        if !model["inputExample"].isNull { request["example"] = model["inputExample"] }
        var reply = JSONObject([("schema", output)])
        if !model["outputExample"].isNull { reply["example"] = model["outputExample"] }
        return [
            "openapi": "3.0.3", "info": info, "servers": [["url": .string(address)]],
            "security": [["Key": []]],
            "components": [
                "securitySchemes": [
                    "Key": ["type": "http", "scheme": "bearer", "description": "The endpoint's key or token."]
                ]
            ],
            "paths": [
                "/": [
                    "get": [
                        "operationId": "health", "summary": Self.health, "security": [],
                        "responses": [
                            "200": [
                                "description": "Healthy", "content": ["text/plain": ["schema": ["type": "string"]]],
                            ]
                        ],
                    ]
                ],
                "/score": [
                    "post": [
                        "operationId": "score", "summary": Self.score,
                        "requestBody": ["required": true, "content": ["application/json": .object(request)]],
                        "responses": [
                            "200": ["description": "The predictions", "content": ["application/json": .object(reply)]],
                            "default": ["description": "What went wrong"],
                        ],
                    ]
                ],
            ],
        ]
    }

    /// Swagger 2.0.
    var older: JSON {
        let (scheme, host, base) = parts
        var inputs = input.object ?? JSONObject()
        if !model["inputExample"].isNull { inputs["example"] = model["inputExample"] }
        return [
            "swagger": "2.0", "info": info, "schemes": [.string(scheme)], "host": .string(host),
            "basePath": .string(base), "consumes": ["application/json"], "produces": ["application/json"],
            "securityDefinitions": [
                "Bearer": [
                    "type": "apiKey", "name": "Authorization", "in": "header",
                    "description": "`Bearer <key>` with the endpoint's key or token.",
                ]
            ],
            "definitions": ["ServiceInput": .object(inputs), "ServiceOutput": output],
            "paths": [
                "/": [
                    "get": [
                        "operationId": "health", "description": Self.health,
                        "responses": ["200": ["description": "Healthy", "schema": ["type": "string"]]],
                    ]
                ],
                "/score": [
                    "post": [
                        "operationId": "score", "description": Self.score, "security": [["Bearer": []]],
                        "parameters": [
                            [
                                "name": "serviceInputPayload", "in": "body", "required": true,
                                "schema": ["$ref": "#/definitions/ServiceInput"],
                            ]
                        ],
                        "responses": [
                            "200": [
                                "description": "The predictions", "schema": ["$ref": "#/definitions/ServiceOutput"],
                            ],
                            "default": ["description": "What went wrong"],
                        ],
                    ]
                ],
            ],
        ]
    }

    private var info: JSON { ["title": .string(endpoint), "description": description, "version": "1.0"] }

    private var parts: (scheme: String, host: String, base: String) {
        guard let end = address.firstRange(of: "://") else { return ("http", address, "/") }
        let rest = address[end.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let base = rest[slash...]
        return (String(address[..<end.lowerBound]), String(rest[..<slash]), base.isEmpty ? "/" : String(base))
    }
}
