package import LazuliResources

/// What a model takes from clients.
package struct ModelSignature: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package let name: String
        package let type: ElementType
        /// An optional column may be left out or null.
        package let isRequired: Bool
        /// A date and time, which the model takes as seconds since 1970.
        package let isMoment: Bool

        package init(name: String, type: ElementType, isRequired: Bool = true, isMoment: Bool = false) {
            self.name = name
            self.type = type
            self.isRequired = isRequired
            self.isMoment = isMoment
        }

        /// The name of the type in an MLflow signature.
        package var typeName: String { isMoment ? "datetime" : type.columnName }
    }

    package enum Inputs: Sendable, Equatable {
        case columns([Column])
        /// One without a name, or several with names.
        case tensors([TensorSpec])
    }

    package let inputs: Inputs
    /// As the model's author wrote them down, in MLflow's form; null if unknown.
    package let outputs: JSON

    package init(inputs: Inputs, outputs: JSON = .null) {
        self.inputs = inputs
        self.outputs = outputs
    }

    package static func columns(_ columns: [Column]) -> ModelSignature { ModelSignature(inputs: .columns(columns)) }
}

extension ModelSignature {
    /// In MLflow's form: a list of columns or of tensors.
    package var json: JSON {
        switch inputs {
        case .columns(let columns): .array(columns.map(\.json))
        case .tensors(let tensors): .array(tensors.map(\.signatureJSON))
        }
    }

    /// A request the model takes, made of zeros and placeholders; null when it would be too large to show.
    package var sample: JSON {
        switch inputs {
        case .columns(let columns):
            return [
                "input_data": [
                    "columns": .array(columns.map { .string($0.name) }), "index": [0],
                    "data": [.array(columns.map(\.sample))],
                ]
            ]
        case .tensors(let tensors):
            let samples = tensors.map(\.sample)
            if samples.contains(.null) { return .null }
            if tensors.count == 1 { return ["input_data": samples[0]] }
            return ["inputs": .object(JSONObject(zip(tensors.map(\.name), samples)))]
        }
    }

    /// A JSON schema of the request's body.
    package var schema: JSON {
        switch inputs {
        case .columns(let columns):
            let members = columns.map {
                ($0.name, JSON.object(JSONObject([("type", $0.isMoment ? "string" : $0.type.schemaType)])))
            }
            let row: JSON = .object(dropping: [
                ("type", "object"), ("properties", .object(JSONObject(members))),
                ("required", .array(columns.filter(\.isRequired).map { .string($0.name) })),
            ])
            return Self.envelope(["type": "array", "items": row])
        case .tensors:
            return Self.envelope(["type": "array", "items": .emptyObject])
        }
    }

    private static func envelope(_ content: JSON) -> JSON {
        ["type": "object", "properties": ["input_data": content], "required": ["input_data"]]
    }
}

extension ModelSignature.Column {
    var json: JSON { ["name": .string(name), "type": .string(typeName), "required": .bool(isRequired)] }
    var sample: JSON { isMoment ? "2024-01-31T12:00:00" : type.sample }
}

extension TensorSpec {
    /// In MLflow's form.
    var signatureJSON: JSON {
        .object(dropping: [
            ("name", name.isEmpty ? nil : .string(name)), ("type", "tensor"),
            ("tensor-spec", ["dtype": .string(type.arrayName), "shape": .array(shape.map { JSON($0) })]),
        ])
    }

    private static let mostInSample = 1024

    /// One row of zeros.
    var sample: JSON {
        guard let rowWidth, rowWidth <= Self.mostInSample else { return .null }
        return shape.reversed().reduce(type.sample) { inner, length in
            .array(Array(repeating: inner, count: length < 0 ? 1 : length))
        }
    }
}

extension ElementType {
    /// A value of this type, for a sample request.
    var sample: JSON {
        switch self {
        case .string: "text"
        case .bool: true
        case .float32, .float64: 0.5
        default: 1
        }
    }

    var schemaType: JSON {
        switch self {
        case .string: "string"
        case .bool: "boolean"
        case .float32, .float64: "number"
        default: "integer"
        }
    }
}
