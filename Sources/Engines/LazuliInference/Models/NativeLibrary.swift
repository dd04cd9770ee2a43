import Foundation

/// A library that scores models; the raw value names it in a host's plan.
package enum NativeLibrary: String, Sendable, CaseIterable {
    case onnxruntime
    case lightgbm
    case xgboost

    /// Where the library lies in its wheel.
    private var folder: String {
        switch self {
        case .onnxruntime: "onnxruntime/capi"
        case .lightgbm: "lightgbm/lib"
        case .xgboost: "xgboost/lib"
        }
    }

    private var fileName: String {
        switch self {
        case .onnxruntime: "libonnxruntime.so"
        case .lightgbm: "lib_lightgbm.so"
        case .xgboost: "libxgboost.so"
        }
    }

    /// The library's file below a folder: a wheel's content, a site-packages folder, or the file's own folder.
    package func file(in folder: String) -> String? {
        for place in ["\(folder)/\(self.folder)", folder] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            if let name = names.filter({ $0.hasPrefix(fileName) }).min() { return "\(place)/\(name)" }
        }
        return nil
    }
}
