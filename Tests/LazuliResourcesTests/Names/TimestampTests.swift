import LazuliResources
import Testing

@Suite("Points in time on the wire")
struct TimestampTests {
    @Test(
        "Milliseconds become ISO 8601 in UTC and come back",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (1_700_000_000_123, "2023-11-14T22:13:20.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ])
    func roundTrip(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(milliseconds) == text)
        #expect(Timestamp.milliseconds(text) == milliseconds)
    }

    @Test("A text without a fraction is read too; others are not")
    func otherTexts() {
        #expect(Timestamp.milliseconds("2023-11-14T22:13:20Z") == 1_700_000_000_000)
        #expect(Timestamp.milliseconds("yesterday") == nil)
        #expect(Timestamp.milliseconds("") == nil)
    }
}
