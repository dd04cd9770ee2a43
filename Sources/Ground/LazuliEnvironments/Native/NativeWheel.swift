/// A library or program outside Python that is published as a Python wheel, pinned by version and content.
public enum NativeWheel: String, CaseIterable, Sendable {
    case onnxruntime
    case lightgbm
    case xgboost
    case duckdb

    /// The name on the package index.
    var package: String {
        switch self {
        case .onnxruntime, .lightgbm: rawValue
        case .xgboost: "xgboost-cpu"
        case .duckdb: "duckdb-cli"
        }
    }

    /// What is not possible without it.
    var purpose: String { self == .duckdb ? "Parquet files can be read" : "Models that need it can be served" }

    public var version: String {
        switch self {
        case .onnxruntime: "1.31.1"
        case .lightgbm: "4.7.0"
        case .xgboost: "3.2.0"
        case .duckdb: "1.5.6"
        }
    }

    /// What is kept of the wheel: paths below its root, the last part as the beginning of a file name.
    var kept: [String] {
        switch self {
        case .onnxruntime: ["onnxruntime/capi/libonnxruntime.so"]
        case .lightgbm: ["lightgbm/lib/lib_lightgbm.so"]
        // The wheel brings the OpenMP runtime it was built with, and looks for it beside itself.
        case .xgboost: ["xgboost/lib/libxgboost.so", "xgboost_cpu.libs/libgomp"]
        case .duckdb: ["duckdb_cli/duckdb"]
        }
    }

    /// A machine that wheels are pinned for.
    enum Platform: String, CaseIterable {
        case x86 = "x86_64-manylinux_2_28"
        case arm = "aarch64-manylinux_2_28"

        static var current: Platform {
            #if arch(arm64)
                .arm
            #else
                .x86
            #endif
        }
    }

    /// The Python for which ONNX Runtime's wheel is taken; its library is the same in all of them.
    static let python = "3.12"

    /// SHA-256 of the wheel.
    func hash(_ platform: Platform) -> String {
        switch (self, platform) {
        case (.onnxruntime, .x86): "1f3dea47f2f0e5117c2404cea7d21fd253ae7836a3bf167a501cdfbb2600d536"
        case (.onnxruntime, .arm): "0b9a492176886992e0e875f06bc0367e333f5fff11711a2d642e18b02f3009cc"
        case (.lightgbm, .x86): "d23e922acd891e77212e4d0fbcee9ba973c96dee479491341d05ba595357ebb7"
        case (.lightgbm, .arm): "d4529acec5c6fefe4768302a529707d0ead90f6a6f42df694b856212e09695b8"
        case (.xgboost, .x86): "9c10b1653e1a689bf4094a328144cf3633c9be0e5217a76fbdc2fde6abcb2950"
        case (.xgboost, .arm): "896b9e2bc52ec0921edf92ddd1cebedf47032e94992b7aca0293524d380ce6e9"
        case (.duckdb, .x86): "9797555bd39095d730eb0d0b3bf29e95e148c96a4cdce1e363f01c7bf7003a44"
        case (.duckdb, .arm): "9b03301a14310a4ef7f86386e87b36954fe099ed762c8a81f94f7bd0ba073542"
        }
    }

    /// The line of a requirements file that allows this very wheel.
    func requirement(_ platform: Platform) -> String {
        "\(package)==\(version) --hash=sha256:\(hash(platform))"
    }
}
