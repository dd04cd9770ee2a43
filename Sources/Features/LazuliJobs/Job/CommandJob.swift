import LazuliDomain
import LazuliResources

/// A command job as its body asks for it, read once.
struct CommandJob: Sendable {
    struct Input: Sendable {
        let type: String
        let uri: String?
        let value: String?
        let mode: String?
    }

    struct Output: Sendable {
        let type: String
        let uri: String?
        let assetName: String?
        let assetVersion: String?
        let mode: String?
    }

    let command: String
    let codeID: String?
    let environmentID: String
    let environmentVariables: [String: String]
    let inputs: [(name: String, input: Input)]
    let outputs: [(name: String, output: Output)]
    let computeName: String?
    let instanceCount: Int
    let instanceType: String?
    let timeoutSeconds: Double?
    let distribution: JSON
    let experimentName: String
    let displayName: String

    init(name: String, properties: JSON) {
        command = properties["command"].string ?? ""
        codeID = properties["codeId"].string
        environmentID = properties["environmentId"].string ?? ""
        environmentVariables = Self.texts(properties["environmentVariables"])
        inputs = (properties["inputs"].object?.pairs ?? []).map { name, value in
            let input = Input(
                type: value["jobInputType"].string ?? "", uri: value["uri"].string, value: value["value"].scalarText,
                mode: value["mode"].string)
            return (name, input)
        }
        outputs = (properties["outputs"].object?.pairs ?? []).map { name, value in
            let output = Output(
                type: value["jobOutputType"].string ?? "uri_folder", uri: value["uri"].string,
                assetName: value["assetName"].string, assetVersion: value["assetVersion"].string,
                mode: value["mode"].string)
            return (name, output)
        }
        computeName = Self.computeName(properties["computeId"].string)
        instanceCount = properties["resources"]["instanceCount"].integer ?? 1
        instanceType = properties["resources"]["instanceType"].string
        timeoutSeconds = properties["limits"]["timeout"].string.flatMap { ISODuration($0)?.seconds }
        distribution = properties["distribution"]
        experimentName = properties["experimentName"].string ?? "Default"
        displayName = properties["displayName"].string ?? name
    }

    private static func texts(_ map: JSON) -> [String: String] {
        var texts: [String: String] = [:]
        for (key, value) in map.object?.pairs ?? [] { texts[key] = value.scalarText ?? value.text }
        return texts
    }

    /// The name in `{ws}/computes/{name}`, in `azureml:name`, or as it stands; nil and `serverless` mean no compute.
    static func computeName(_ reference: String?) -> String? {
        guard let reference, !reference.isEmpty else { return nil }
        let name = String(reference.split(separator: "/").last ?? "")
        let bare = name.hasPrefix("azureml:") ? String(name.dropFirst("azureml:".count)) : name
        return bare.lowercased() == ComputeTarget.serverlessName ? nil : bare
    }
}
