/// What the elements of a tensor are. The raw value is ONNX's number for the type (TensorProto.DataType).
package enum ElementType: Int, Sendable, CaseIterable {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case string = 8
    case bool = 9
    case float64 = 11
    case uint32 = 12
    case uint64 = 13

    /// Bytes per element; for texts those of one entry of the tensor's index of texts.
    package var size: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64, .string: 8
        }
    }

    /// The name in the Open Inference Protocol.
    package var protocolName: String {
        switch self {
        case .float32: "FP32"
        case .float64: "FP64"
        case .string: "BYTES"
        case .bool: "BOOL"
        default: String(describing: self).uppercased()
        }
    }

    package init?(protocolName: String) {
        guard let type = ElementType.allCases.first(where: { $0.protocolName == protocolName }) else { return nil }
        self = type
    }

    /// The name of a column's type in an MLflow signature.
    package var columnName: String {
        switch self {
        case .float32: "float"
        case .float64: "double"
        case .string: "string"
        case .bool: "boolean"
        case .int64, .uint32, .uint64: "long"
        case .int8, .int16, .int32, .uint8, .uint16: "integer"
        }
    }

    /// - Returns: nil for dates, raw bytes and nested types, which the native host does not read.
    package init?(columnName: String) {
        switch columnName {
        case "float": self = .float32
        case "double": self = .float64
        case "string": self = .string
        case "boolean": self = .bool
        case "long": self = .int64
        case "integer": self = .int32
        default: return nil
        }
    }

    /// The name of a tensor's type in an MLflow signature, which is NumPy's.
    package var arrayName: String { self == .string ? "str" : String(describing: self) }

    package init?(arrayName: String) {
        if ["str", "object", "string"].contains(arrayName) || arrayName.hasPrefix("<U") {
            self = .string
        } else if let type = ElementType.allCases.first(where: { $0.arrayName == arrayName }) {
            self = type
        } else {
            return nil
        }
    }

    package var isFloatingPoint: Bool { self == .float32 || self == .float64 }
    package var isInteger: Bool { !isFloatingPoint && self != .bool && self != .string }
}
