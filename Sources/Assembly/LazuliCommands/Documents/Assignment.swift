import LazuliResources

/// One `--set path=value`: a change to a document, made before it is checked.
struct Assignment: Sendable, Equatable {
    /// Names and list indices: `jobs.train.inputs[0]`, and `tags.'a.b'` for names with dots.
    let path: [Step]
    let value: JSON
    let text: String

    enum Step: Sendable, Equatable {
        case name(String)
        case index(Int)
    }

    /// - Parameter text: `a.b=c`. The value is JSON if it reads as JSON (`2`, `true`, `[1]`), else it is a text.
    init(_ text: String) throws {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ServiceError(.invalidArgument, "--set \(text): write it as key.key=value.")
        }
        self.text = "--set " + text
        path = try Self.steps(String(text[..<equals]))
        value = Self.typed(String(text[text.index(after: equals)...]))
    }

    /// `null` stays a value too: it clears the member.
    static func typed(_ text: String) -> JSON {
        switch text {
        case "True": return true
        case "False": return false
        case "None": return nil
        default: return (try? JSON(parsing: text)) ?? .string(text)
        }
    }

    static func steps(_ path: String) throws -> [Step] {
        var steps: [Step] = []
        var rest = Substring(path)
        while let letter = rest.first {
            if letter == "." {
                rest.removeFirst()
            } else if letter == "[" {
                let inner = rest.dropFirst().prefix { $0 != "]" }
                guard rest.count > inner.count + 1 else { throw malformed(path) }
                rest = rest.dropFirst(inner.count + 2)
                if let index = Int(inner) {
                    steps.append(.index(index))
                } else {
                    steps.append(.name(inner.trimming(where: { $0 == "'" || $0 == "\"" })))
                }
            } else if letter == "'" || letter == "\"" {
                let inner = rest.dropFirst().prefix { $0 != letter }
                guard rest.count > inner.count + 1 else { throw malformed(path) }
                rest = rest.dropFirst(inner.count + 2)
                steps.append(.name(String(inner)))
            } else {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                rest = rest.dropFirst(name.count)
                steps.append(.name(String(name)))
            }
        }
        guard !steps.isEmpty else { throw malformed(path) }
        return steps
    }

    private static func malformed(_ path: String) -> ServiceError {
        ServiceError(.invalidArgument, "\"\(path)\" is not a path such as jobs.train.inputs[0].")
    }

    func apply(to node: SourceNode) throws -> SourceNode { try Self.put(value, at: path[...], in: node, text) }

    private static func put(_ value: JSON, at path: ArraySlice<Step>, in node: SourceNode?, _ text: String) throws
        -> SourceNode
    {
        let place = Place.flag(text)
        guard let step = path.first else { return SourceNode(value, at: place) }
        let rest = path.dropFirst()
        switch step {
        case .name(let name):
            var changed = node ?? SourceNode(.mapping([]), at: place)
            if changed.isNull { changed = SourceNode(.mapping([]), at: place) }
            guard changed.entries != nil else {
                throw ServiceError(.invalidArgument, "\(text): \"\(name)\" cannot be set inside \(changed.kindName).")
            }
            let removes = rest.isEmpty && value.isNull
            changed[name] = removes ? nil : try put(value, at: rest, in: changed[name], text)
            return changed
        case .index(let index):
            guard var elements = node?.elements, elements.indices.contains(index) else {
                throw ServiceError(.invalidArgument, "\(text): there is no element [\(index)] to set.")
            }
            elements[index] = try put(value, at: rest, in: elements[index], text)
            return SourceNode(.list(elements), at: node?.place ?? place)
        }
    }
}

extension Substring {
    fileprivate func trimming(where condition: (Character) -> Bool) -> String {
        String(drop(while: condition).reversed().drop(while: condition).reversed())
    }
}
