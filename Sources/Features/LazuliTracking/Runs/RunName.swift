/// Names for runs and models that came without one: a quality, a stone, and a number.
enum RunName {
    private static let qualities = [
        "amber", "bold", "brisk", "calm", "clear", "clever", "crisp", "deep", "eager", "fair", "fine", "gentle",
        "glad", "grand", "keen", "kind", "light", "lively", "lucid", "mellow", "merry", "neat", "noble", "patient",
        "placid", "polished", "proud", "quick", "quiet", "rare", "ready", "serene", "shiny", "smooth", "steady",
        "still", "swift", "tidy", "vivid", "warm", "wise",
    ]
    private static let stones = [
        "agate", "alabaster", "amethyst", "apatite", "azurite", "basalt", "beryl", "calcite", "chalk", "chert",
        "citrine", "coral", "diorite", "dolomite", "emerald", "feldspar", "flint", "fluorite", "gabbro", "garnet",
        "gneiss", "granite", "gypsum", "jade", "jasper", "lapis", "malachite", "marble", "mica", "obsidian", "onyx",
        "opal", "pearl", "peridot", "pumice", "pyrite", "quartz", "ruby", "sapphire", "schist", "slate", "spinel",
        "topaz", "tourmaline", "turquoise", "zircon",
    ]

    static func random() -> String {
        let quality = qualities.randomElement() ?? "calm", stone = stones.randomElement() ?? "lapis"
        return "\(quality)-\(stone)-\(Int.random(in: 1..<1000))"
    }
}

/// Identifiers as MLflow makes them: 32 hexadecimal digits.
enum RandomID {
    static func hex() -> String {
        var generator = SystemRandomNumberGenerator()
        let halves = [generator.next(), generator.next()].map { (half: UInt64) in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return halves.joined()
    }
}
