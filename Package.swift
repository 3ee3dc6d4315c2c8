// swift-tools-version: 6.2
import PackageDescription

// Folder = target = layer. What a target may import is fixed in docs/architecture.md and checked by LayersTests.

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func layer(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: swiftSettings)
}

let package = Package(
  name: "insonate",
  products: [
    .executable(name: "insonate", targets: ["insonate"]),
    .executable(name: "insonate-compute", targets: ["insonate-compute"]),
    .library(name: "CTorchEngine", type: .dynamic, targets: ["CTorchEngine"]),
    .library(name: "CFFmpegEngine", type: .dynamic, targets: ["CFFmpegEngine"]),
    .library(name: "CFiguresEngine", type: .dynamic, targets: ["CFiguresEngine"]),
    .library(name: "COCREngine", type: .dynamic, targets: ["COCREngine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
  ],
  targets: [
    // System libraries and C shims.
    .systemLibrary(name: "CLibtorch", pkgConfig: "libtorch"),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
    .systemLibrary(name: "CEXIF", pkgConfig: "libexif", providers: [.apt(["libexif-dev"])]),
    .systemLibrary(name: "CRSVG", pkgConfig: "figures", providers: [.apt(["librsvg2-dev"])]),
    .systemLibrary(
      name: "CAVFormat", pkgConfig: "libavformat",
      providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswscale-dev", "libavutil-dev"])]),
    .systemLibrary(name: "CLibdcmtk", pkgConfig: "dcmtk", providers: [.apt(["libdcmtk-dev", "libopenjp2-7-dev"])]),
    .systemLibrary(
      name: "CTesseract", pkgConfig: "tesseract",
      providers: [.apt(["libtesseract-dev", "libleptonica-dev", "tesseract-ocr-eng", "tesseract-ocr-chi-sim"])]),
    .target(name: "CEngines"),
    .target(name: "CTorch", dependencies: ["CEngines"]),
    .target(name: "CTorchEngine", dependencies: ["CLibtorch"]),
    .target(name: "CStills", dependencies: ["CPNG", "CJPEG", "CTIFF", "CEXIF"]),
    .target(name: "CFFmpeg", dependencies: ["CEngines"]),
    // libavformat's .pc names the other three only for static linking.
    .target(
      name: "CFFmpegEngine", dependencies: ["CAVFormat"],
      linkerSettings: [.linkedLibrary("avcodec"), .linkedLibrary("swscale"), .linkedLibrary("avutil")]),
    .target(name: "CBoostMath"),
    .target(name: "CDCMTK", dependencies: ["CLibdcmtk"]),
    .target(name: "CFigures", dependencies: ["CEngines"]),
    .target(name: "CFiguresEngine", dependencies: ["CRSVG"]),
    .target(name: "COCR", dependencies: ["CEngines"]),
    .target(
      name: "COCREngine", dependencies: ["CTesseract"],
      linkerSettings: [.linkedLibrary("lept"), .linkedLibrary("gomp")]),

    // The compute core: no DICOM, no images, no web.
    layer("Torch", ["CTorch"]),
    layer("NN", ["Torch"]),
    layer("Networks", ["NN", "Torch"]),
    layer("Export", ["Networks", "NN", "Torch", .product(name: "SwiftProtobuf", package: "swift-protobuf")]),
    // Links the engine itself, so that it is one file.
    .executableTarget(
      name: "insonate-compute",
      dependencies: [
        "Networks", "NN", "Torch", "CTorchEngine", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),

    // Values and pure functions.
    layer("Tables"),
    layer("Statistics", ["CBoostMath"]),
    layer("Analyses", ["Statistics", "Tables"]),
    layer("Ultrasound"),
    layer("Wording"),
    layer("Figures", ["Statistics", "Wording", "CFigures"]),

    // Data in.
    layer("Imaging", ["Ultrasound", "CStills", "CFFmpeg"]),
    layer("DICOM", ["Ultrasound", "Imaging", "CDCMTK", "CStills"]),
    layer("Deidentification", ["Tables", "Imaging", "DICOM", .product(name: "Crypto", package: "swift-crypto")]),
    layer("Measurement", ["Ultrasound", "Imaging", "Statistics"]),
    layer(
      "Cohort",
      [
        "Tables", "Ultrasound", "Imaging", "DICOM", "Annotations", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    layer("Annotations", ["Ultrasound", "Imaging", "DICOM", "Tables"]),
    layer("InSilico", ["Tables", "Ultrasound", "Imaging"]),
    layer("Shortcuts", ["Ultrasound", "Imaging", "Cohort", "Statistics", "Tables"]),
    layer("BurnedIn", ["Imaging", "Ultrasound", "Tables", "COCR", .product(name: "Crypto", package: "swift-crypto")]),

    // Protocol in, predictions and report out.
    layer("Protocols", ["Tables", "Ultrasound", .product(name: "Crypto", package: "swift-crypto")]),
    layer(
      "Training",
      ["Networks", "NN", "Torch", "Cohort", "Imaging", "Protocols", "Statistics", "Tables", "Ultrasound"]),
    layer(
      "Explanation",
      [
        "Networks", "NN", "Torch", "Training", "Cohort", "Imaging", "Protocols", "Statistics", "Tables", "Ultrasound",
        "Wording",
      ]),
    layer(
      "Evaluation", ["Analyses", "Statistics", "Figures", "Wording", "Cohort", "Tables", "Ultrasound", "Imaging"]),
    .executableTarget(
      name: "insonate",
      dependencies: [
        "Networks", "NN", "Torch", "Tables", "Statistics", "Ultrasound", "Imaging", "DICOM", "Annotations",
        "Deidentification", "BurnedIn", "Measurement", "Cohort", "Shortcuts", "InSilico", "Protocols",
        "Training", "Explanation", "Evaluation", "Export", "Analyses", "Figures", "Wording",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),

    // Our side of a contest with pROC and scikit-learn (Benchmarks/bench.py).
    .executableTarget(
      name: "statistics-turns", dependencies: ["Statistics", "Tables"], path: "Benchmarks/StatisticsTurns",
      swiftSettings: swiftSettings),

    // Our side of a contest with pydicom and pylibjpeg.
    .executableTarget(
      name: "decoding-turns", dependencies: ["DICOM", "Imaging"], path: "Benchmarks/DecodingTurns",
      swiftSettings: swiftSettings),

    // Tests, beside their targets.
    tests("Torch", exclude: ["Fixtures"]),
    tests("NN", ["Torch"], exclude: ["Fixtures"]),
    tests("Networks", ["NN", "Torch"], exclude: ["Fixtures"]),
    tests(
      "Export", ["Networks", "NN", "Torch", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Fixtures"]),
    tests("Tables"),
    tests("Statistics"),
    tests("Analyses", ["Statistics", "Tables"]),
    tests("Ultrasound"),
    tests("Wording"),
    tests("Figures", ["Statistics", "Wording"]),
    tests("Imaging", ["Ultrasound"], exclude: ["Fixtures"]),
    tests("DICOM", ["Imaging", "Ultrasound", .product(name: "Crypto", package: "swift-crypto")]),
    tests(
      "Cohort",
      ["Annotations", "Tables", "Ultrasound", "Imaging", "DICOM", .product(name: "GRDB", package: "GRDB.swift")]),
    tests("Deidentification", ["Imaging", "DICOM"]),
    tests("Annotations", ["Ultrasound", "Imaging", "Tables"], exclude: ["Fixtures"]),
    tests("Measurement", ["Ultrasound", "Imaging", "Statistics"]),
    tests("BurnedIn", ["Imaging", "Ultrasound"], exclude: ["Fixtures"]),
    tests("InSilico", ["Tables", "Ultrasound", "Imaging", "Statistics"]),
    tests("Shortcuts", ["Ultrasound", "Imaging", "Cohort", "Statistics", "Tables"], exclude: ["Fixtures"]),
    tests("Protocols", ["Tables", "Ultrasound"]),
    tests(
      "Training",
      ["Networks", "NN", "Torch", "Cohort", "Protocols", "Ultrasound", "Imaging", "InSilico", "Tables", "Statistics"]),
    tests(
      "Explanation",
      ["Networks", "NN", "Torch", "Training", "Cohort", "Imaging", "Protocols", "Tables", "Ultrasound"]),
    tests("Evaluation", ["Analyses", "Statistics", "Figures", "Wording", "Cohort", "Tables", "Ultrasound"]),
    tests("CEngines"),
    .testTarget(name: "LayersTests", swiftSettings: swiftSettings),
    .testTarget(
      name: "CommandTests", dependencies: ["insonate", "Tables", "Imaging", "Torch", "NN", "Networks"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
