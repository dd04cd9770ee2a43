import Testing

@testable import LazuliTabular

@Suite("Reading numbers")
struct NumberReadingTests {
    @Test(
        "Each way to write a number gives the nearest double",
        arguments: [
            "0", "-0", "7", "-12", "+3", "0.5", ".5", "5.", "-.25", "1e3", "1E-3", "1.5e+10", "123456789012345678.0",
            "0.1", "0.30000000000000004", "2.2250738585072014e-308", "1.7976931348623157e308", "4.9e-324",
            "9007199254740993.0", "0.000000000000000000000000012345678901234567", "179769313486231570000.5e10",
            "3.141592653589793238462643383279", "92.89299999999999", "1.2990000000000002", "123456789.123456789e-5",
            "18446744073709551616.0", "99999999999999999999999.5", "8.5e22", "1e23",
        ])
    func nearest(_ text: String) throws {
        let column = try #require(try read("a\n\(text)\n").table.columns.first)
        #expect(column.numbers.first == Double(text), "\(text)")
    }

    @Test("Random doubles survive writing and reading to the last bit")
    func roundTrip() throws {
        var random = FixedRandom(state: 11)
        let values = (0..<20_000).map { place -> Double in
            switch place % 4 {
            case 0: Double.random(in: -1...1, using: &random)
            case 1: Double.random(in: -1e9...1e9, using: &random)
            case 2: Double(Int64.random(in: -1 << 53...1 << 53, using: &random))
            default:
                {
                    let any = Double(bitPattern: random.next()); return any.isFinite ? any : 1
                }()
            }
        }
        let column = try #require(try read("a\n" + values.map { "\($0)" }.joined(separator: "\n")).table.columns.first)
        #expect(column.numbers == values)
    }

    @Test("Decimals of any length are rounded as the C library rounds them")
    func rounding() throws {
        var random = FixedRandom(state: 5)
        let texts = (0..<20_000).map { _ in
            let digits = String(random.next()), point = Int.random(in: 0...digits.count, using: &random)
            let exponent = Int.random(in: -30...30, using: &random)
            return "1\(digits.prefix(point)).\(digits.dropFirst(point))e\(exponent)"
        }
        let column = try #require(try read("a\n" + texts.joined(separator: "\n")).table.columns.first)
        #expect(column.numbers == texts.map { Double($0) ?? .nan })
    }

    @Test("Infinities are read as such, and do not make a column of words")
    func infinities() throws {
        let column = try #require(try read("a\ninf\n-inf\nInfinity\n1\n").table.columns.first)
        #expect(column.kind == .real && column.numbers == [.infinity, -.infinity, .infinity, 1])
    }

    @Test("Spaces around a number do not matter")
    func spaces() throws {
        #expect(try read("a,b\n 1,2 \n 3 ,4\n").table.kinds == [.integer, .integer])
    }

    @Test(
        "What only looks like a number is a label",
        arguments: ["1.2.3", "1-2", "12%", "0x1F", "1,5", "-", "e5", "1e", "--1"])
    func noNumbers(_ text: String) throws {
        #expect(try read("a\n\"\(text)\"\n\"\(text)\"\n").table.kinds == [.category])
    }
}
