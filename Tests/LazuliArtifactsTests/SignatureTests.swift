import Foundation
import LazuliResources
import Testing

@testable import LazuliArtifacts

/// The signatures here were made by the stock client's own library from the same inputs.
struct SignatureTests {
    private let key = (0..<64).map { UInt8($0) }

    private func query(_ text: String) -> [String: String] {
        var items: [String: String] = [:]
        for item in text.split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1)
            items[String(pair[0])] = pair[1].removingPercentEncoding
        }
        return items
    }

    @Test("A blob's signature by the stock client is valid for that blob alone")
    func blobSignature() throws {
        let signature = try #require(
            try SharedAccessSignature(
                query: query(
                    "st=2020-01-02T03%3A04%3A05Z&se=2030-01-02T03%3A04%3A05Z&sp=racwd&sip=10.0.0.1-10.0.0.9&spr=https"
                        + "&sv=2026-10-06&sr=b&rsct=text/csv&sig=P686rJV3jg07cjxPIG%2BtR0ayYlisfjAAncQxEiRO4Rg%3D")))
        func isValid(_ account: String, _ container: String, _ blob: String?, _ key: [UInt8]) -> Bool {
            signature.isSigned(with: key, account: account, container: container, blob: blob)
        }
        let blob = "dir/a b+c=%é.csv"
        #expect(isValid("lazuli", "data", blob, key))
        #expect(!isValid("other", "data", blob, key))
        #expect(!isValid("lazuli", "other", blob, key))
        #expect(!isValid("lazuli", "data", "dir/other", key))
        #expect(!isValid("lazuli", "data", nil, key))
        #expect(!isValid("lazuli", "data", blob, key.reversed()))
        let now = try #require(SharedAccessSignature.date("2026-01-01"))
        try signature.requireValid(at: now, secure: true, client: "10.0.0.5")
        #expect(throws: ServiceError.self) { try signature.requireValid(at: now, secure: true, client: "10.0.0.10") }
        #expect(throws: ServiceError.self) { try signature.requireValid(at: now, secure: true, client: nil) }
        #expect(throws: ServiceError.self) { try signature.requireValid(at: now, secure: false, client: "10.0.0.5") }
        for day in ["2019-01-01", "2031-01-01"] {
            let other = try #require(SharedAccessSignature.date(day))
            #expect(throws: ServiceError.self) {
                try signature.requireValid(at: other, secure: true, client: "10.0.0.5")
            }
        }
    }

    @Test("A container's signature is valid for all its blobs")
    func containerSignature() throws {
        let signature = try #require(
            try SharedAccessSignature(
                query: query(
                    "se=2030-01-02T03%3A04%3A05Z&sp=racwdl&sv=2026-10-06&sr=c"
                        + "&sig=ZIp6NCD8XgAG5BTbOX1LZ55TXYE9c9rus9IZePoU5Cc%3D"
                )))
        #expect(signature.isSigned(with: key, account: "lazuli", container: "data", blob: nil))
        #expect(signature.isSigned(with: key, account: "lazuli", container: "data", blob: "any"))
        #expect(!signature.isSigned(with: key, account: "lazuli", container: "other", blob: nil))
        #expect(signature.permissions == Set("racwdl"))
    }

    @Test("An account's signature is valid for all its containers")
    func accountSignature() throws {
        let signature = try #require(
            try SharedAccessSignature(
                query: query(
                    "se=2030-01-02T03%3A04%3A05Z&sp=rwdlac&sv=2026-10-06&ss=b&srt=sco"
                        + "&sig=j0t7KTLZmXd2bcuFNMZHYw8JJ%2B1Lq6FvZa4XOxOaDU4%3D"
                )))
        #expect(signature.isSigned(with: key, account: "lazuli", container: nil, blob: nil))
        #expect(signature.isSigned(with: key, account: "lazuli", container: "any", blob: "any"))
        #expect(!signature.isSigned(with: key, account: "other", container: nil, blob: nil))
        #expect(signature.scope == .account(levels: ["s", "c", "o"]))
    }

    @Test("A folder's signature is valid below that folder")
    func folderSignature() throws {
        let signature = try #require(
            try SharedAccessSignature(
                query: query(
                    "se=2030-01-02T03%3A04%3A05Z&sp=rl&sv=2026-10-06&sr=d&sdd=2"
                        + "&sig=2anp3t4uaWjlmeRswcbyRNv3n50D26O/kwhXUIGYY1U%3D"
                )))
        #expect(signature.isSigned(with: key, account: "lazuli", container: "data", blob: "dir/sub/x/y"))
        #expect(!signature.isSigned(with: key, account: "lazuli", container: "data", blob: "dir/subx"))
        #expect(!signature.isSigned(with: key, account: "lazuli", container: "data", blob: "dir"))
    }

    @Test(
        "Raising the permissions or the expiry of a signature makes it invalid",
        arguments: [
            ("sp", "racwdlx"), ("se", "2040-01-02T03:04:05Z"), ("sr", "d"), ("sv", "2019-12-12"), ("sig", "AAAA"),
            ("sig", "é"),
        ])
    func tampering(_ name: String, _ value: String) throws {
        let expiry = Date().addingTimeInterval(60)
        var items = query(
            try SharedAccessSignature.issue(account: "lazuli", key: key, container: "data", expiry: expiry))
        items["sdd"] = "0"
        items[name] = value
        let signature = try #require(try SharedAccessSignature(query: items))
        #expect(!signature.isSigned(with: key, account: "lazuli", container: "data", blob: "x"))
    }

    @Test("What the server issues is valid, and names its account")
    func issuing() throws {
        let expiry = Date().addingTimeInterval(60)
        let forBlob = query(
            try SharedAccessSignature.issue(
                account: "lazuli", key: key, container: "data", blob: "a/b c", permissions: "r", expiry: expiry))
        let signature = try #require(try SharedAccessSignature(query: forBlob))
        #expect(signature.isSigned(with: key, account: "lazuli", container: "data", blob: "a/b c"))
        #expect(forBlob[SharedAccessSignature.accountItem] == "lazuli")
        try signature.requireValid(at: Date(), secure: true, client: nil)
        let forAccount = query(try SharedAccessSignature.issue(account: "lazuli", key: key, expiry: expiry))
        #expect(
            try SharedAccessSignature(query: forAccount)?
                .isSigned(with: key, account: "lazuli", container: "x", blob: "y") == true)
    }

    @Test(
        "Signatures of kinds that are not offered are refused with a reason",
        arguments: [
            "sig=x&sp=r&se=2030-01-01&sr=c", "sig=x&sv=2020-12-06&sp=r&sr=c", "sig=x&sv=2020-12-06&se=2030-01-01&sr=c",
            "sig=x&sv=2020-12-06&sp=r&se=2030-01-01", "sig=x&sv=2020-12-06&sp=r&se=2030-01-01&sr=c&skoid=1",
            "sig=x&sv=2020-12-06&sp=r&se=2030-01-01&sr=c&si=policy",
            "sig=x&sv=2020-12-06&sp=r&se=2030-01-01&ss=q&srt=s",
            "sig=x&sv=2020-12-06&sp=r&se=2030-01-01&sr=d", "sig=x&sv=latest&sp=r&se=2030-01-01&sr=c",
        ])
    func unknownKinds(_ text: String) {
        let error = #expect(throws: ServiceError.self) { try SharedAccessSignature(query: query(text)) }
        #expect(error?.code == .unauthenticated)
    }

    private var request: [String: String] {
        [
            "content-length": "11", "content-type": "application/octet-stream", "x-ms-version": "2026-10-06",
            "x-ms-date": "Sat, 21 Nov 2026 01:00:00 GMT", "x-ms-meta-upload_status": "completed",
            "x-ms-meta-uploadb": "1", "x-ms-meta-upload-a": "2", "x-ms-client-request-id": "abc",
            "if-none-match": "*", "content-md5": "XrY7u+Ae7tCTyyK7j1rNww==", "user-agent": "not signed",
        ]
    }

    private func signature(_ headers: [String: String], method: String = "PUT") -> SharedKeySignature {
        SharedKeySignature(
            account: "lazuli", method: method, path: "/data/dir/a%20b%2Bc.csv",
            query: [("comp", "block"), ("blockid", "QUFB+Q=="), ("timeout", "30")], headers: headers)
    }

    @Test("A request signed by the stock client is valid, and no other is")
    func sharedKey() throws {
        let stock = "cYPUT7rfPPlSTVzp3C0BoI/TB/9zxuEgWSQR88zIAbE="
        #expect(signature(request).isValid(stock, key: key))
        #expect(!signature(request).isValid(stock, key: key.reversed()))
        #expect(!signature(request, method: "GET").isValid(stock, key: key))
        #expect(!signature(request).isValid("AAAA", key: key))
        #expect(!signature(request).isValid("no base64", key: key))
        var changed = request
        changed["x-ms-meta-upload_status"] = "started"
        #expect(!signature(changed).isValid(stock, key: key))
    }

    @Test("A length of zero is signed as an empty line")
    func emptyBody() {
        var headers = request
        headers["content-length"] = "0"
        #expect(signature(headers).stringsToSign[0].hasPrefix("PUT\n\n\n\nXrY7"))
    }

    @Test("Header names sort as the stock client sorts them")
    func headerOrder() {
        let expected = [
            "x-ms-blob-content-type", "x-ms-blob-type", "x-ms-meta-1", "x-ms-metaa", "x-ms-meta-a!b", "x-ms-meta-a#b",
            "x-ms-meta-a$b", "x-ms-meta-a%b", "x-ms-meta-a&b", "x-ms-meta-a*b", "x-ms-meta-a.b", "x-ms-meta-a^b",
            "x-ms-meta-a`b", "x-ms-meta-a|b", "x-ms-meta-a~b", "x-ms-meta-a+b", "x-ms-meta-a1b", "x-ms-meta-ab-",
            "x-ms-meta-a-b", "x-ms-meta-upload_status", "x-ms-meta-uploada", "x-ms-meta-upload-a", "x-ms-meta-uploadb",
            "x-ms-version",
        ]
        #expect(expected.shuffled().sorted { WindowsOrder(of: $0) < WindowsOrder(of: $1) } == expected)
    }
}
