import LazuliResources

/// The parameters of text and image models: fixed in one place of the file, searched in another.
enum AutoMLModelShapes {
    /// Names of parameters by what their values are.
    struct Parameters: Sendable {
        var integers: [String]
        var numbers: [String]
        var flags: [String] = []
        var texts: [String]

        var names: [String] { integers + numbers + flags + texts }
    }

    static let texts = Parameters(
        integers: [
            "gradient_accumulation_steps", "number_of_epochs", "training_batch_size", "validation_batch_size",
        ],
        numbers: ["learning_rate", "warmup_ratio", "weight_decay"], texts: ["learning_rate_scheduler", "model_name"])

    static let classes = images(
        adding: Parameters(
            integers: ["training_crop_size", "validation_crop_size", "validation_resize_size", "weighted_loss"],
            numbers: [], texts: []))

    static let objects = images(
        adding: Parameters(
            integers: ["box_detections_per_image", "image_size", "max_size", "min_size"],
            numbers: [
                "box_score_threshold", "nms_iou_threshold", "tile_overlap_ratio", "tile_predictions_nms_threshold",
                "validation_iou_threshold",
            ], flags: ["multi_scale"],
            texts: [
                "log_training_metrics", "log_validation_loss", "model_size", "tile_grid_size", "validation_metric_type",
            ]))

    private static func images(adding more: Parameters) -> Parameters {
        Parameters(
            integers: [
                "checkpoint_frequency", "early_stopping_delay", "early_stopping_patience", "evaluation_frequency",
                "gradient_accumulation_step", "layers_to_freeze", "number_of_epochs", "number_of_workers",
                "random_seed", "step_lr_step_size", "training_batch_size", "validation_batch_size",
                "warmup_cosine_lr_warmup_epochs",
            ] + more.integers,
            numbers: [
                "beta1", "beta2", "learning_rate", "momentum", "step_lr_gamma", "warmup_cosine_lr_cycles",
                "weight_decay",
            ] + more.numbers,
            flags: ["ams_gradient", "distributed", "early_stopping", "enable_onnx_normalization", "nesterov"]
                + more.flags,
            texts: [
                "advanced_settings", "augmentations", "checkpoint_run_id", "learning_rate_scheduler", "model_name",
                "optimizer",
            ] + more.texts)
    }

    // MARK: - Fixed

    /// `training_parameters` of a task over text.
    static func parameters(_ parameters: Parameters) -> Row {
        .optional("training_parameters", fixed(parameters, []), at: "fixedParameters")
    }

    /// `training_parameters` of a task over images.
    static func settings(_ parameters: Parameters) -> Row {
        let checkpoint = Row.optional(
            "checkpoint_model",
            .object(
                Fields([
                    .optional("type", .any, at: "jobInputType"), .optional("path", .any, at: "uri"), .optional("mode"),
                ])))
        return .optional("training_parameters", fixed(parameters, [checkpoint]), at: "modelSettings")
    }

    private static func fixed(_ parameters: Parameters, _ more: [Row]) -> Shape {
        .object(
            Fields(
                rows(parameters.integers, .integer) + rows(parameters.numbers, .number)
                    + rows(parameters.flags, .boolean) + rows(parameters.texts, .text) + more))
    }

    private static func rows(_ names: [String], _ shape: Shape) -> [Row] {
        names.map { .optional($0, shape, at: wire($0)) }
    }

    /// The wire writes the learning rate's letters as capitals: `stepLRGamma`.
    private static func wire(_ name: String) -> String { Row.camelCase(name).replacing("Lr", with: "LR") }

    // MARK: - Searched

    static func searchSpace(_ parameters: Parameters) -> Row {
        .optional("search_space", .list(.object(Fields(rows(parameters.names, expression)))))
    }

    /// A value, or `{type: choice, values: [1, 2]}` in the file; a text such as `choice(1,2)` on the wire.
    private static let expression = Shape.coded(
        .scalarOr(.literal, SweepShapes.space),
        Codec(
            encode: { value in value.array == nil ? .string(value.scalarText ?? value.text) : .string(written(value)) },
            decode: { value in value.string.map(read) ?? value }))

    private static func written(_ space: JSON) -> String {
        let arguments = space.array?.last?.array ?? []
        let values = arguments.first?.array ?? arguments
        let texts = values.map { value in
            value.string.map { "'\($0)'" } ?? flag(value) ?? value.scalarText ?? value.text
        }
        return "\(space.array?.first?.string ?? "")(\(texts.joined(separator: ",")))"
    }

    /// Python's spelling, in which these texts are read.
    private static func flag(_ value: JSON) -> String? { value.bool.map { $0 ? "True" : "False" } }

    private static func read(_ text: String) -> JSON {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return .string(text) }
        let name = String(text[..<open])
        let values = text[text.index(after: open)...].dropLast().split(separator: ",").map { value(String($0)) }
        return name == "choice" ? [.string(name), [.array(values)]] : [.string(name), .array(values)]
    }

    private static func value(_ text: String) -> JSON {
        let bare = text.filter { $0 != " " }
        if bare.hasPrefix("'") || bare.hasPrefix("\"") { return .string(String(bare.dropFirst().dropLast())) }
        if bare == "True" || bare == "False" { return .bool(bare == "True") }
        return Int64(bare).map(JSON.integer) ?? Double(bare).map(JSON.number) ?? .string(bare)
    }
}
