import ArgumentParser

struct DICOMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dicom", abstract: "Looks into DICOM files, turns their frames into pictures and finds what is wrong.",
    subcommands: [Info.self, Frames.self, Validate.self, Deidentify.self, Sign.self])
}
