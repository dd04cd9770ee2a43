/// Numbers texts in the order in which they first appear.
struct LabelBuilder {
    private(set) var values = LabelValues(codes: [], texts: [])
    private var numbers: [String: Int32] = [:]

    mutating func append(_ text: String?) {
        guard let text else { return values.codes.append(-1) }
        if let number = numbers[text] { return values.codes.append(number) }
        let number = Int32(values.texts.count)
        numbers[text] = number
        values.texts.append(text)
        values.codes.append(number)
    }
}
