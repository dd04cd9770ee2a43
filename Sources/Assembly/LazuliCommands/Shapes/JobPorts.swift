import LazuliResources

/// Inputs and outputs of jobs.
enum JobPorts {
    static let types = Words([
        ("uri_folder", "uri_folder"), ("uri_file", "uri_file"), ("mltable", "mltable"),
        ("mlflow_model", "mlflow_model"),
        ("custom_model", "custom_model"), ("triton_model", "triton_model"),
    ])
    private static let inputTypes = Words(
        types.pairs.map { ($0.file, $0.wire) } + ["string", "number", "integer", "boolean"].map { ($0, $0) },
        others: ["path": "uri_folder"])
    private static let inputModes = Words(
        [
            ("ro_mount", "ReadOnlyMount"), ("download", "Download"), ("direct", "Direct"),
            ("rw_mount", "ReadWriteMount"),
            ("eval_mount", "EvalMount"), ("eval_download", "EvalDownload"),
        ], others: ["mount": "ro_mount"])
    private static let outputModes = Words(
        [("rw_mount", "ReadWriteMount"), ("upload", "Upload"), ("direct", "Direct")], others: ["mount": "rw_mount"])

    static let inputRows: [Row] = [
        .optional("type", .word(inputTypes), at: "jobInputType"), .optional("path", .asset(.data), at: "uri"),
        .optional("mode", .word(inputModes)), .optional("path_on_compute"), .local("datastore"),
        .optional("value", .literal),
        .optional("default", .literal, at: "value"), .optional("description"),
    ]
    static let outputRows: [Row] = [
        .optional("type", .word(types), at: "jobOutputType"), .optional("path", .text, at: "uri"),
        .optional("mode", .word(outputModes)), .optional("name", at: "assetName"),
        .optional("version", at: "assetVersion"),
        .optional("path_on_compute"), .optional("description"),
    ]

    /// `lr: 0.1`, or a mapping with `type` and `path`.
    static let input = Shape.coded(
        .scalarOr(.literal, .object(Fields(inputRows))),
        Codec(
            encode: { value in
                guard var members = value.object else { return ["jobInputType": "literal", "value": value] }
                if members["value"] != nil {
                    return ["jobInputType": "literal", "value": members["value"] ?? .null]
                }
                if members["jobInputType"] == nil { members["jobInputType"] = "uri_folder" }
                return .object(members)
            },
            decode: { value in
                value["jobInputType"].string?.lowercased() == "literal" ? value["value"] : value
            }))

    /// An output says nothing at all, or what it is and where it goes.
    static let output = Shape.coded(
        .scalarOr(.literal, .object(Fields(outputRows))),
        Codec(
            encode: { value in
                var members = value.object ?? JSONObject()
                if members["jobOutputType"] == nil { members["jobOutputType"] = "uri_folder" }
                return .object(members)
            },
            decode: { $0 }))

    static let inputs = Row.optional("inputs", .map(input))
    static let outputs = Row.optional("outputs", .map(output))
}
