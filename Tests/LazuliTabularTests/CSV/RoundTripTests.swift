import Testing

@testable import LazuliTabular

@Suite("Writing and reading back")
struct RoundTripTests {
    @Test("Any table is read back as it was written", arguments: 0..<60)
    func roundTrip(_ seed: Int) throws {
        var random = FixedRandom(state: UInt64(seed))
        let table = randomTable(&random)
        var writer = CSVWriter(), options = CSVOptions()
        writer.delimiter = [",", ";", "\t", "|"][seed % 4]
        options.delimiter = writer.delimiter
        options.kinds = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.kind) })
        options.emptyAsText = false
        let back = try CSVReader(options).read(bytes: writer.bytes(table), named: "t.csv").table
        #expect(back.names == table.names && back.kinds == table.kinds && back.rowCount == table.rowCount)
        for name in table.names { #expect(back.texts(name) == table.texts(name)) }
    }

    private func randomTable(_ random: inout FixedRandom) -> Table {
        let rows = Int.random(in: 1...300, using: &random), count = Int.random(in: 1...6, using: &random)
        let columns = (0..<count).map { place in
            let name = "c\(place)\(["", ",", "\"", " x", "\n", "é"][Int.random(in: 0..<6, using: &random)])z"
            switch Int.random(in: 0..<3, using: &random) {
            case 0: return Column(name: name, kind: .real, values: .numbers(numbers(rows, &random)))
            case 1:
                let times = numbers(rows, &random).map { $0.isNaN ? .nan : ($0.magnitude * 1e5).rounded() }
                return Column(name: name, kind: .dateTime, values: .times(times))
            default: return Column(name: name, kind: .category, values: .labels(labels(rows, &random)))
            }
        }
        return Table(columns: columns, rowCount: rows)
    }

    private func numbers(_ rows: Int, _ random: inout FixedRandom) -> [Double] {
        (0..<rows).map { _ in
            Int.random(in: 0..<10, using: &random) == 0 ? .nan : Double.random(in: -1e4...1e4, using: &random)
        }
    }

    private func labels(_ rows: Int, _ random: inout FixedRandom) -> LabelValues {
        let letters = Array("ab,;\t|\"\n\r 'é日 0.5")
        var texts: [String] = [], codes: [Int32] = []
        for _ in 0..<rows {
            let length = Int.random(in: 0...6, using: &random)
            let text =
                "w" + String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
            if Int.random(in: 0..<10, using: &random) == 0 {
                codes.append(-1)
            } else if let known = texts.firstIndex(where: { Array($0.utf8) == Array(text.utf8) }) {
                codes.append(Int32(known))
            } else {
                codes.append(Int32(texts.count))
                texts.append(text)
            }
        }
        return LabelValues(codes: codes, texts: texts)
    }

    @Test("No text makes the reader fail other than by a fault", arguments: 0..<40)
    func anyBytes(_ seed: Int) {
        var random = FixedRandom(state: UInt64(seed) &* 977)
        let alphabet = Array("a1.,\"\n\r;-e \t?é".utf8) + [0xFF, 0]
        for _ in 0..<50 {
            let length = Int.random(in: 0...120, using: &random)
            let bytes = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            var options = CSVOptions()
            options.shortRows = seed.isMultiple(of: 2) ? .padded : .refused
            options.repeatedNames = .renamed
            guard let read = try? CSVReader(options).read(bytes: bytes, named: "t.csv") else { continue }
            for column in read.table.columns {
                switch column.values {
                case .numbers(let values), .times(let values): #expect(values.count == read.table.rowCount)
                case .labels(let labels):
                    #expect(labels.codes.count == read.table.rowCount)
                    #expect(labels.codes.allSatisfy { $0 >= -1 && Int($0) < labels.texts.count })
                }
            }
        }
    }
}
