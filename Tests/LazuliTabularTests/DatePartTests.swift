import Foundation
import Testing

@testable import LazuliTabular

@Suite("Parts of dates")
struct DatePartTests {
    @Test("are those of the calendar, before 1970 and in leap years too")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for seconds in stride(from: -8e9, to: 8e9, by: 12_345_677.0) {
            let date = Date(timeIntervalSince1970: seconds)
            let found = calendar.dateComponents([.year, .month, .day, .hour, .minute, .weekday], from: date)
            let wanted: [DatePart: Int?] = [
                .year: found.year, .month: found.month, .day: found.day, .hour: found.hour, .minute: found.minute,
                .weekday: found.weekday.map { ($0 + 5) % 7 },
                .dayOfYear: calendar.ordinality(of: .day, in: .year, for: date),
            ]
            for (part, number) in wanted {
                #expect(part.value(seconds) == number.map { Float($0) }, "\(part) of \(date)")
            }
        }
    }

    @Test("of what is no moment are missing")
    func missing() {
        for part in DatePart.allCases {
            #expect(part.value(.nan).isNaN && part.value(.infinity).isNaN && part.value(1e300).isNaN)
        }
    }

    @Test(
        "A client's moment is read in the forms that tables have",
        arguments: [
            ("1970-01-02", 86_400.0), ("2008-01-15T15:58:43Z", 1_200_412_723),
            ("2008-01-15 17:58:43+02:00", 1_200_412_723),
            ("01/15/2008", 1_200_355_200), ("15/01/2008", 1_200_355_200), ("15.01.2008", 1_200_355_200),
        ])
    func moments(_ text: String, _ seconds: Double) {
        #expect(Array(text.utf8).withUnsafeBufferPointer(MomentText.seconds) == seconds)
    }

    @Test("What is no moment is not read as one", arguments: ["", "yesterday", "2008-13-01", "12"])
    func noMoments(_ text: String) {
        #expect(Array(text.utf8).withUnsafeBufferPointer(MomentText.seconds) == nil)
    }
}
