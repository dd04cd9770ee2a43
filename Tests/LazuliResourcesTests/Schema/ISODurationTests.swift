import LazuliResources
import Testing

@Suite("ISO 8601 durations")
struct ISODurationTests {
    @Test(
        "Every unit of fixed length is read",
        arguments: [
            ("PT2M", 120.0), ("PT0S", 0), ("PT1.5S", 1.5), ("P1D", 86_400), ("P1W", 604_800), ("PT1H30M", 5400),
            ("P1DT2H30M15.5S", 95_415.5), ("pt10s", 10), ("P2DT0S", 172_800), ("PT3600S", 3600),
        ])
    func accepted(text: String, seconds: Double) throws {
        #expect(try #require(ISODuration(text)).seconds == seconds)
    }

    @Test(
        "What is no duration, or none of fixed length, is refused",
        arguments: [
            "", "P", "T", "PT", "2M", "PT2", "PT2X", "P2M", "P1Y", "P1H", "PT1D", "PTT1S", "PT-5S", "-PT5S", "PT 5S",
            "P1DT5",
            "120", "PT1,5S", "PT½H", "PT..S", "infinity", "PTnanS", "PTS",
        ])
    func refused(text: String) {
        #expect(ISODuration(text) == nil)
    }
}
