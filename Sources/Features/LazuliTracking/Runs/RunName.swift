/// Names for runs and models that came without one: a quality, a stone, and a number.
enum RunName {
    /// Words that MLflow's own names begin with too, which is how its tests know a name that was made up.
    private static let qualities = [
        "agreeable", "beautiful", "bold", "bright", "calm", "capable", "charming", "classy", "clean", "colorful",
        "dapper", "delicate", "delightful", "flawless", "gentle", "gifted", "honorable", "industrious", "judicious",
        "kindly", "legendary", "luminous", "marvelous", "mysterious", "nimble", "orderly", "peaceful", "persistent",
        "placid", "polite", "powerful", "rare", "resilient", "serious", "silent", "sincere", "skillful", "stately",
        "thoughtful", "treasured", "unique", "useful", "valuable", "welcoming", "wise", "youthful",
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
