import LazuliEndpoints
import Testing

@Suite("Numbers of a deployment")
struct TrafficNumbersTests {
    @Test("Requests are counted by status, with their bytes and times, in all and by minute")
    func counting() {
        var numbers = TrafficNumbers()
        numbers.record(status: 200, microseconds: 1_000, received: 10, sent: 100, at: 60_000)
        numbers.record(status: 200, microseconds: 3_000, received: 20, sent: 200, at: 119_999)
        numbers.record(status: 500, microseconds: 5_000, received: 30, sent: 300, at: 120_000)
        #expect(numbers.statuses == [200: 2, 500: 1])
        #expect(numbers.requestBytes == 60 && numbers.answerBytes == 600)
        #expect(numbers.lastRequestAt == 120_000)
        #expect(numbers.latency.count == 3 && numbers.latency.largest == 5_000)
        #expect(numbers.minutes.map(\.minute) == [1, 2])
        #expect(numbers.minutes.map(\.statuses) == [[200: 2], [500: 1]])
        #expect(numbers.minutes.map(\.latency.sum) == [4_000, 5_000])
    }

    @Test("An hour's minutes are kept, older ones go, and the sums stay")
    func hour() {
        var numbers = TrafficNumbers()
        for minute in 0..<200 {
            numbers.record(status: 200, microseconds: 1, received: 1, sent: 1, at: Int64(minute) * 60_000)
        }
        #expect(numbers.minutes.map(\.minute) == Array(140..<200))
        #expect(numbers.statuses == [200: 200])
    }

    @Test("A minute of more than an hour ago goes even when little came since")
    func sparse() {
        var numbers = TrafficNumbers()
        for minute: Int64 in [0, 30, 60, 89] {
            numbers.record(status: 200, microseconds: 1, received: 1, sent: 1, at: minute * 60_000)
        }
        #expect(numbers.minutes.map(\.minute) == [30, 60, 89])
    }
}
