/// The version of the program, in one place.
public enum LazuliVersion {
    public static let current = "0.1.0"
}
