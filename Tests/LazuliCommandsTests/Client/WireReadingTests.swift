import LazuliResources
import Testing

@testable import LazuliClient

@Suite struct WireReadingTests {
    private func error(_ status: Int, _ body: String) -> ServiceError {
        ErrorEnvelope.error(in: Answer(status: status, headers: [], body: Array(body.utf8)), while: "doing it")
    }

    @Test("the management envelope's code, message and details are read")
    func readsEnvelope() {
        let read = error(
            400, #"{"error":{"code":"ValidationError","message":"m","details":[{"code":"x","message":"d"}]}}"#)
        #expect(read.code == .invalidArgument)
        #expect(read.message == "m")
        #expect(read.details.map(\.message) == ["d"])
        #expect(error(404, #"{"error":{"code":"Whatever","message":"gone"}}"#).code == .notFound)
        #expect(error(401, #"{"error":"invalid_client","error_description":"wrong"}"#).message == "wrong")
        #expect(error(500, "<html>").message == "The server answered 500 while doing it.")
    }

    @Test("a signed address loses its user information and keeps its signature")
    func readsSignedAddress() throws {
        let container = try BlobContainer(
            signed: "https://lazuli.blob.core.lazuli@localhost:8444/box?sv=1&sig=a%2Bb%3D")
        #expect(container.url == "https://localhost:8444/box")
        #expect(container.signature == "sv=1&sig=a%2Bb%3D")
    }

    @Test("a listing's names, sizes and marker are read")
    func readsListing() {
        let xml = """
            <?xml version="1.0"?><EnumerationResults><Blobs><Blob><Name>a &amp; b/x.txt</Name><Properties><Content-Length>12</Content-Length>\
            </Properties></Blob><Blob><Name>c</Name><Properties><Content-Length>0</Content-Length></Properties></Blob></Blobs>\
            <NextMarker>m</NextMarker></EnumerationResults>
            """
        let listing = BlobListing(parsing: xml)
        #expect(listing.items == [BlobItem(name: "a & b/x.txt", size: 12), BlobItem(name: "c", size: 0)])
        #expect(listing.nextMarker == "m")
        #expect(
            BlobListing(parsing: "<EnumerationResults><Blobs/><NextMarker/></EnumerationResults>").nextMarker == nil)
    }

    @Test("datastore addresses are read in both forms")
    func readsDatastoreAddresses() {
        let short = DatastoreURI("azureml://datastores/d/paths/a/b.csv")
        #expect(short == DatastoreURI(datastore: "d", path: "a/b.csv"))
        #expect(
            DatastoreURI("azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/d/paths/a/")
                == DatastoreURI(datastore: "d", path: "a/"))
        #expect(DatastoreURI("https://x/y") == nil)
        #expect(DatastoreURI("azureml://jobs/x/outputs/y") == nil)
        #expect(short?.short == "azureml://datastores/d/paths/a/b.csv")
    }

    @Test("the same content gets the same name")
    func namesContent() {
        let first = ContentFingerprint.guid(of: ["a": 1]), second = ContentFingerprint.guid(of: ["a": 1])
        #expect(first == second)
        #expect(first.count == 36)
        #expect(first != ContentFingerprint.guid(of: ["a": 2]))
    }
}
