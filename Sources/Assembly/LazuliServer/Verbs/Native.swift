public import ArgumentParser
import LazuliEnvironments
import LazuliResources

/// `lazuli native`: the libraries that score models without Python.
public struct Native: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "The libraries that score ONNX, LightGBM and XGBoost models without Python.",
        subcommands: [Install.self, List.self])

    public init() {}

    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch libraries now, so that no deployment has to wait for them.")

        @Argument(help: "onnxruntime, lightgbm, xgboost, duckdb; all of them if none is named.")
        var libraries: [String] = []
        @OptionGroup var home: HomeOption

        func run() async throws {
            let store = NativeLibraryStore(home: home.folder.home)
            for wheel in try chosen() {
                print("\(wheel.rawValue) \(wheel.version)  \(try await store.folder(of: wheel))")
            }
        }

        private func chosen() throws -> [NativeWheel] {
            guard !libraries.isEmpty else { return NativeWheel.allCases }
            return try libraries.map { name in
                guard let wheel = NativeWheel(rawValue: name) else {
                    let known = NativeWheel.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("There is no library \"\(name)\"; there are: \(known).")
                }
                return wheel
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show which libraries are there.")

        @OptionGroup var home: HomeOption

        func run() async throws {
            let store = NativeLibraryStore(home: home.folder.home)
            for wheel in NativeWheel.allCases {
                print("\(wheel.rawValue) \(wheel.version)  \(store.cached(wheel) ?? "not fetched yet")")
            }
        }
    }
}
