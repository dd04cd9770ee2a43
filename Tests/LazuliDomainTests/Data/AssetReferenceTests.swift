import LazuliDomain
import LazuliResources
import Testing

@Suite("References to assets")
struct AssetReferenceTests {
    private static let id = DataURITests.id

    @Test(
        "Names with versions and labels",
        arguments: [
            ("azureml:m:1", "m", .version("1")), ("m:1.0.0", "m", .version("1.0.0")),
            ("azureml:m@latest", "m", .label("latest")),
            ("m@default", "m", .label("default")), ("m", "m", .label("latest")), ("azureml:m", "m", .label("latest")),
            ("my-model_v2.x:3", "my-model_v2.x", .version("3")),
        ] as [(String, String, AssetReference.Choice)])
    func short(text: String, name: String, choice: AssetReference.Choice) throws {
        let reference = try AssetReference(text, kind: .models)
        #expect(reference.name == name)
        #expect(reference.choice == choice)
        #expect(reference.scope == nil && reference.registry == nil)
    }

    @Test(
        "Ids name a workspace",
        arguments: [
            ("\(id)/models/m/versions/1", .version("1")), ("\(id)/models/m", .label("latest")),
            ("azureml:\(id)/models/m/versions/1", .version("1")), ("\(id)/Models/m/labels/latest", .label("latest")),
        ] as [(String, AssetReference.Choice)])
    func ids(text: String, choice: AssetReference.Choice) throws {
        let reference = try AssetReference(text, kind: .models)
        #expect(reference.name == "m")
        #expect(reference.choice == choice)
        #expect(reference.scope == DataURITests.scope)
    }

    @Test(
        "Addresses of registries name the registry",
        arguments: [
            ("azureml://registries/azureml/environments/e/versions/2", .version("2")),
            ("azureml://registries/azureml/environments/e/labels/latest", .label("latest")),
            ("azureml://registries/azureml/environments/e", .label("latest")),
        ] as [(String, AssetReference.Choice)])
    func registries(text: String, choice: AssetReference.Choice) throws {
        let reference = try AssetReference(text, kind: .environments)
        #expect(reference.name == "e")
        #expect(reference.choice == choice)
        #expect(reference.registry == "azureml" && reference.scope == nil)
    }

    @Test(
        "What names nothing, or something of another kind, is refused with the forms there are",
        arguments: [
            "", "azureml:", "a/b", "\(id)/data/m/versions/1", "\(id)/models", id, "azureml://registries/azureml",
            "azureml://registries/azureml/environments/e/versions/1", "azureml://datastores/d/paths/x", "https://x/y",
        ])
    func refused(text: String) throws {
        let error = try #require(throws: ServiceError.self) { try AssetReference(text, kind: .models) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("azureml:<name>@latest"))
    }

    @Test("A name or a version that is empty is refused", arguments: ["azureml:m:", ":1", "@latest", "m@"])
    func emptyParts(text: String) {
        #expect(throws: ServiceError.self) { try AssetReference(text, kind: .models) }
    }
}
