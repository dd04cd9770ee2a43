// swift-tools-version: 6.2
import PackageDescription

// Targets stand in floor order (Documentation/Architecture.md). Each helper below fixes the folder and the
// settings of its floor; `Scripts/check-floors` reads the imports against the same floors.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func floor(_ folder: String) -> (String, [Target.Dependency]) -> Target {
    { name, dependencies in
        .target(name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", swiftSettings: settings)
    }
}

/// Numerics, which are optimised in debug builds too: without it a test would train for minutes.
func numericEngine(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Engines/\(name)",
        swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))])
}

let ground = floor("Ground")
let engine = floor("Engines")
let domain = floor("Domain")
let feature = floor("Features")
let face = floor("Faces")
let assembly = floor("Assembly")

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdServer: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let services: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPaths: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "lazuli",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "lazuli", targets: ["lazuli"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        ground("LazuliResources", []),
        ground("LazuliPersistence", ["LazuliResources", grdb, sqlite, crypto]),
        ground("LazuliArtifacts", ["LazuliResources", crypto]),
        ground("LazuliProcesses", ["LazuliResources"]),
        ground("LazuliEnvironments", ["LazuliResources", yaml, crypto, subprocess, systemPaths]),

        // Files for browsers, which become part of the program.
        .target(
            name: "LazuliStudio", path: "Studio",
            resources: [.embedInCode("endpoint.html"), .embedInCode("vendor.json")],
            swiftSettings: settings),
        // The module that MLflow loads an exported model with, which every such model carries.
        .target(
            name: "LazuliPredictor", path: "Python/lazuli_predictor", resources: [.embedInCode("lazuli_predictor.py")],
            swiftSettings: settings),
        .target(name: "NativeLibraries", path: "Sources/Engines/NativeLibraries"),
        .target(
            name: "ForestKernel", path: "Sources/Engines/ForestKernel",
            cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
        .target(
            name: "NetworkKernel", path: "Sources/Engines/NetworkKernel",
            cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
        numericEngine("LazuliTabular", ["LazuliResources", yaml, subprocess, systemPaths]),
        numericEngine("LazuliTrees", ["ForestKernel", "LazuliResources"]),
        numericEngine(
            "LazuliLearning",
            ["LazuliTabular", "LazuliTrees", "LazuliPredictor", "NetworkKernel", "NativeLibraries", "LazuliResources"]),
        engine(
            "LazuliInference",
            ["NetworkKernel", "LazuliTabular", "LazuliTrees", "NativeLibraries", "LazuliResources", yaml]),

        domain("LazuliDomain", ["LazuliResources", "LazuliPersistence", grdb]),

        feature("LazuliAccess", ["LazuliDomain", "LazuliPersistence", "LazuliResources", grdb, crypto, jwt]),
        feature("LazuliWorkspaces", ["LazuliDomain", "LazuliPersistence", "LazuliResources", "LazuliArtifacts", grdb]),
        feature("LazuliAssets", ["LazuliDomain", "LazuliPersistence", "LazuliResources", "LazuliArtifacts", grdb]),
        feature(
            "LazuliTracking",
            ["LazuliDomain", "LazuliPersistence", "LazuliResources", "LazuliArtifacts", grdb, crypto]),
        feature(
            "LazuliJobs",
            [
                "LazuliDomain", "LazuliPersistence", "LazuliResources", "LazuliArtifacts", "LazuliProcesses",
                "LazuliEnvironments", grdb, logging, services,
            ]),
        feature(
            "LazuliAutoML",
            [
                "LazuliLearning", "LazuliTabular", "LazuliDomain", "LazuliPersistence", "LazuliResources", grdb, crypto,
                logging,
            ]),
        feature("LazuliSchedules", ["LazuliDomain", "LazuliPersistence", "LazuliResources"]),
        feature(
            "LazuliEndpoints",
            [
                "LazuliDomain", "LazuliPersistence", "LazuliResources", "LazuliProcesses", grdb, crypto, logging,
                services,
            ]),
        feature("LazuliBatch", ["LazuliDomain", "LazuliPersistence", "LazuliResources", grdb]),

        face("LazuliARMFace", ["LazuliDomain", "LazuliResources", hummingbird, httpTypes, logging]),
        face("LazuliIdentityFace", ["LazuliAccess", "LazuliDomain", "LazuliResources", hummingbird, httpTypes]),
        face(
            "LazuliBlobFace",
            ["LazuliArtifacts", "LazuliDomain", "LazuliResources", hummingbird, httpTypes, logging, nio]),
        face(
            "LazuliMLflowFace",
            ["LazuliTracking", "LazuliArtifacts", "LazuliDomain", "LazuliResources", hummingbird, httpTypes, crypto]),
        face(
            "LazuliScoringFace",
            ["LazuliEndpoints", "LazuliDomain", "LazuliResources", nio, nioPosix, nioSSL, logging, services]),
        face("LazuliMLflowStores", ["LazuliResources", yaml, grdb]),
        face("LazuliProxyFace", [nio, nioPosix, nioSSL, logging, services]),
        face("LazuliClient", ["LazuliResources", httpClient, httpTypes, nio, nioHTTP, nioSSL, crypto]),

        .target(
            name: "LazuliPython", dependencies: ["LazuliResources", crypto], path: "Python",
            exclude: ["tests", "ruff.toml", "lazuli_predictor"], resources: [.embedInCode("lazuli_worker")],
            swiftSettings: settings),
        assembly(
            "LazuliServer",
            [
                "LazuliResources", "LazuliPersistence", "LazuliArtifacts", "LazuliProcesses", "LazuliEnvironments",
                "LazuliDomain", "LazuliAccess", "LazuliWorkspaces", "LazuliAssets", "LazuliTracking", "LazuliJobs",
                "LazuliAutoML", "LazuliSchedules", "LazuliEndpoints", "LazuliBatch", "LazuliARMFace",
                "LazuliIdentityFace",
                "LazuliBlobFace", "LazuliMLflowFace", "LazuliScoringFace", "LazuliProxyFace", "LazuliPython",
                "LazuliInference", "LazuliStudio", "LazuliClient", grdb, hummingbird,
                hummingbirdTLS,
                hummingbirdServer, nioSSL,
                certificates, asn1, crypto, logging, services, signals, arguments,
            ]),
        assembly("LazuliChildren", ["LazuliInference", "LazuliProcesses", "LazuliResources"]),
        assembly(
            "LazuliTraining",
            [
                "LazuliLearning", "LazuliTabular", "LazuliClient", "LazuliProcesses", "LazuliEnvironments",
                "LazuliResources", arguments,
            ]),
        assembly(
            "LazuliCommands",
            ["LazuliClient", "LazuliMLflowStores", "LazuliResources", yaml, crypto, arguments, logging]),

        .target(
            name: "LazuliConformance", dependencies: ["LazuliPersistence", "LazuliResources"],
            path: "Tests/Support/LazuliConformance", swiftSettings: settings),

        .executableTarget(
            name: "lazuli",
            dependencies: ["LazuliServer", "LazuliChildren", "LazuliTraining", "LazuliCommands", arguments],
            path: "Sources/Program/lazuli", swiftSettings: settings),
    ]
        + chosenTests([
            tests("LazuliResourcesTests", ["LazuliResources"]),
            tests(
                "LazuliPersistenceTests", ["LazuliPersistence", "LazuliResources", "LazuliConformance", grdb, crypto]),
            tests("LazuliArtifactsTests", ["LazuliArtifacts", "LazuliResources"]),
            tests("LazuliProcessesTests", ["LazuliProcesses", "LazuliResources"]),
            tests(
                "LazuliEnvironmentsTests",
                ["LazuliEnvironments", "LazuliStudio", "LazuliResources", subprocess, systemPaths]),
            tests("LazuliTabularTests", ["LazuliTabular", "LazuliResources", subprocess, systemPaths]),
            tests("LazuliTreesTests", ["LazuliTrees"]),
            tests("LazuliLearningTests", ["LazuliLearning", "LazuliTabular", "LazuliTrees", "LazuliResources"]),
            tests("LazuliInferenceTests", ["LazuliInference", "LazuliResources"]),
            tests(
                "LazuliExportTests",
                ["LazuliLearning", "LazuliInference", "LazuliTabular", "LazuliTrees", "LazuliResources"]),
            tests("LazuliChildrenTests", ["LazuliChildren", "LazuliInference"]),
            tests("LazuliDomainTests", ["LazuliDomain", "LazuliResources", grdb]),
            tests("LazuliAccessTests", ["LazuliAccess", "LazuliPersistence", "LazuliDomain", "LazuliResources"]),
            tests(
                "LazuliTrackingTests", ["LazuliTracking", "LazuliPersistence", "LazuliDomain", "LazuliResources", grdb]),
            tests(
                "LazuliBlobFaceTests",
                ["LazuliBlobFace", "LazuliArtifacts", "LazuliDomain", "LazuliResources", hummingbirdTesting, httpTypes]),
            tests(
                "LazuliMLflowFaceTests",
                [
                    "LazuliMLflowFace", "LazuliTracking", "LazuliArtifacts", "LazuliPersistence", "LazuliDomain",
                    "LazuliResources", hummingbirdTesting, httpTypes, hummingbird,
                ]),
            tests("LazuliMLflowStoresTests", ["LazuliMLflowStores", "LazuliResources", grdb]),
            tests(
                "LazuliJobsTests",
                [
                    "LazuliJobs", "LazuliConformance", "LazuliProcesses", "LazuliPersistence", "LazuliDomain",
                    "LazuliResources", grdb,
                ]),
            tests(
                "LazuliAutoMLTests",
                [
                    "LazuliAutoML", "LazuliJobs", "LazuliLearning", "LazuliConformance", "LazuliPersistence",
                    "LazuliDomain", "LazuliResources", grdb, logging,
                ]),
            tests(
                "LazuliAssetsTests",
                [
                    "LazuliAssets", "LazuliConformance", "LazuliArtifacts", "LazuliPersistence", "LazuliDomain",
                    "LazuliResources", grdb,
                ]),
            tests(
                "LazuliEndpointsTests",
                [
                    "LazuliEndpoints", "LazuliConformance", "LazuliPersistence", "LazuliDomain", "LazuliResources",
                    grdb,
                    crypto,
                ]),
            tests(
                "LazuliScoringFaceTests",
                [
                    "LazuliScoringFace", "LazuliEndpoints", "LazuliConformance", "LazuliDomain", "LazuliResources", nio,
                    nioPosix, nioSSL, certificates, asn1, crypto, logging,
                ]),
            tests("LazuliProxyFaceTests", ["LazuliProxyFace", nio]),
            tests("LazuliARMFaceTests", ["LazuliARMFace", "LazuliDomain", "LazuliResources"]),
            tests("LazuliCommandsTests", ["LazuliCommands", "LazuliClient", "LazuliResources"]),
            tests(
                "LazuliServerTests",
                [
                    "LazuliServer", "LazuliAccess", "LazuliIdentityFace", "LazuliARMFace", "LazuliConformance",
                    "LazuliPersistence", "LazuliDomain", "LazuliResources", logging, subprocess, systemPaths,
                ]),
        ])
)

/// `LAZULI_TESTS=LazuliJobsTests,… swift test` builds the named test targets alone.
func chosenTests(_ all: [Target]) -> [Target] {
    guard let chosen = Context.environment["LAZULI_TESTS"], !chosen.isEmpty else { return all }
    let names = chosen.split(separator: ",").map(String.init)
    return all.filter { names.contains($0.name) }
}
