import Testing

@testable import LazuliTabular

@Suite("Telling dates and times")
struct DateTimeTests {
    private func seconds(_ values: [String]) throws -> [Double]? {
        let column = try read("a\n" + values.map { "\"\($0)\"" }.joined(separator: "\n")).table.columns.first
        return column?.kind == .dateTime ? column?.numbers : nil
    }

    @Test(
        "Each way to write a point in time gives its seconds since 1970",
        arguments: [
            ("1970-01-01", 0), ("2024-02-29", 1_709_164_800), ("2024/02/29", 1_709_164_800),
            ("2024-02-29T12:30:45", 1_709_209_845), ("2024-02-29 12:30", 1_709_209_800),
            ("2024-02-29T12:30:45.250Z", 1_709_209_845.25), ("2024-02-29T12:30:45+02:00", 1_709_202_645),
            ("2024-02-29 12:30:45-0530", 1_709_229_645), ("2024-02-29 12:30:45 UTC", 1_709_209_845),
            ("31.12.2024", 1_735_603_200), ("12/31/2024", 1_735_603_200), ("31/12/2024", 1_735_603_200),
            ("12/31/24", 1_735_603_200), ("12/31/2024 1:05 PM", 1_735_650_300),
            ("12/31/2024 12:05:00 AM", 1_735_603_500),
            ("5-Jan-2024", 1_704_412_800), ("05 January 2024", 1_704_412_800), ("1899-12-30", -2_209_161_600),
        ] as [(String, Double)])
    func parses(_ text: String, _ expected: Double) throws {
        #expect(try seconds([text]) == [expected], "\(text)")
    }

    @Test("The order of day and month is told by the whole column")
    func wholeColumn() throws {
        #expect(try seconds(["01/02/2024", "13/02/2024"]) == [1_706_745_600, 1_707_782_400])
        #expect(try seconds(["01/02/2024", "01/13/2024"]) == [1_704_153_600, 1_705_104_000])
    }

    @Test("Dates of which nothing tells the order stay a category, and a note says what to do")
    func ambiguous() throws {
        let read = try read("a\n01/02/2024\n03/04/2024\n")
        #expect(read.table.kinds == [.category])
        #expect(read.notes.first?.text.contains("whether the day or the month comes first") == true)
    }

    @Test(
        "What only looks like dates is none",
        arguments: [
            ["2024-02-30"], ["2024-13-01"], ["13/13/2024"], ["1.2.3"], ["10-20"], ["2024-01-01", "soon"],
            ["192.168.10.24"],
            ["2024-01-01", "01/02/2024"], ["2024-01-01", "2024-01-01 10:00"], ["2024-01-01T25:00"], ["1/2/3"],
            ["555-12-3456"],
        ])
    func noDates(_ values: [String]) throws {
        #expect(try seconds(values) == nil)
    }

    @Test("Every day of eight hundred years is written and read as itself")
    func calendar() throws {
        for day in stride(from: -146_097, through: 146_097, by: 13) {
            let (year, month, dayOfMonth) = CalendarDay.date(day)
            #expect(CalendarDay.number(year: year, month: month, day: dayOfMonth) == day)
        }
        #expect(DateTimeWriting.text(1_709_209_845.25) == "2024-02-29T12:30:45.250000Z")
        #expect(DateTimeWriting.text(-1) == "1969-12-31T23:59:59Z")
    }
}
