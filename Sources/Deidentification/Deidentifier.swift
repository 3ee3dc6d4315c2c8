public import DICOM
import Imaging

/// De-identifies one file at a time. The same file with the same key and options gives the same bytes.
public struct Deidentifier: Sendable {
  public let options: DeidentificationOptions
  public let key: DeidentificationKey

  public init(options: DeidentificationOptions = DeidentificationOptions(), key: DeidentificationKey) {
    (self.options, self.key) = (options, key)
  }

  /// Decides on every attribute and makes the new data set; pixels are read when it is written.
  /// - Parameter pixels: finds burned-in text. Without it the pixels are passed through, and Burned In Annotation never
  ///   becomes NO.
  public func deidentify(
    _ file: DICOMFile, pixels: (any PixelCleaning)? = nil
  ) throws(DeidentificationError) -> DeidentifiedFile {
    let source = try Self.pixelElement(of: file)
    let identity: PatientIdentity
    do throws(DICOMError) { identity = try PatientIdentity(file, options: options) } catch { throw .dicom(error) }
    var cleaner = HeaderCleaner(file, identity, options, key)
    var set: EditableDataSet
    do throws(DICOMError) { set = try cleaner.cleaned(file.dataSet) } catch { throw .dicom(error) }
    let pseudonym = key.pseudonym(for: identity.key)
    let notes: [String]
    do throws(DICOMError) {
      notes = try nameInstance(file, identity, &set)
    } catch {
      throw .dicom(error)
    }
    let pixelResult = try rewrite(file, source, pixels, &set)
    addPatient(pseudonym, identity, file, &set)
    addMethod(&set, pixels: pixelResult.finding)
    set.nameCharacterSet()
    return DeidentifiedFile(
      name: file.name, set: set, check: LeakCheck(identity: identity, options: options),
      patient: PatientRecord(
        id: identity.id, identity: key.fingerprint(identity.person), pseudonym: pseudonym,
        daysBack: options.dates == .shift ? key.shift(for: identity.key).days : nil, lookup: identity.key),
      uids: cleaner.uids, actions: cleaner.counts, pixels: pixelResult, notes: notes + pixelResult.notes)
  }

  /// A file in memory, its pixels passed through: for importers, whose own reading follows.
  public func deidentify(bytes: [UInt8], name: String) throws(DeidentificationError) -> [UInt8] {
    let file: DICOMFile
    do throws(DICOMError) { file = try DICOMFile(name: name, bytes: bytes) } catch { throw .dicom(error) }
    return try deidentify(file).bytes()
  }

  // MARK: Parts

  private static func pixelElement(of file: DICOMFile) throws(DeidentificationError) -> Element {
    for tag in [Tag.pixels, .floatPixels, .doublePixels] {
      if let element = file.dataSet.element(tag) { return element }
    }
    let uid = (try? file.dataSet.string(.sopClass)) ?? nil
    throw .refused(
      file: file.name,
      reason: "only images are de-identified; reports, documents and waveforms can hold names anywhere"
        + (uid.map { " (class \($0))" } ?? ""))
  }

  /// Gives an image its UIDs where it came without: of the patient, or of its own pixels.
  private func nameInstance(
    _ file: DICOMFile, _ identity: PatientIdentity, _ set: inout EditableDataSet
  ) throws(DICOMError) -> [String] {
    var notes: [String] = []
    for tag in [Tag.sopInstance, .studyInstance, .seriesInstance] where try file.dataSet.string(tag) == nil {
      let own = tag == .sopInstance ? try PixelDigest.of(file) : identity.key
      set.set(tag, .ui, text: key.uid(for: "\(tag.code) of \(own)"))
      notes.append("\(tag.code) was absent and was made")
    }
    if try file.dataSet.string(.sopClass) == nil { notes.append("\(Tag.sopClass) is absent") }
    return notes
  }

  private func rewrite(
    _ file: DICOMFile, _ source: Element, _ pixels: (any PixelCleaning)?, _ set: inout EditableDataSet
  ) throws(DeidentificationError) -> DeidentifiedFile.Pixels {
    // Frames of a syntax that is not decoded can be passed through, not looked at.
    if !file.transferSyntax.isRead, file.transferSyntax.isEncapsulated, pixels == nil {
      set.set(EditableElement(source, of: file.dataSet))
      return DeidentifiedFile.Pixels(
        finding: nil, transferSyntax: file.transferSyntax, blankedPixels: 0,
        notes: ["\(file.transferSyntax.name) is not decoded; its frames were passed through"])
    }
    let reader: FrameReader
    do throws(DICOMError) { reader = try FrameReader(file) } catch { throw .dicom(error) }
    let finding = try pixels.map { (finder) throws(DeidentificationError) in try finder.inspect(file, frames: reader) }
    let outcome = try PixelRewriting(file: file, reader: reader, source: source).apply(finding?.mask, to: &set)
    return DeidentifiedFile.Pixels(
      finding: finding, transferSyntax: outcome.transferSyntax, blankedPixels: outcome.blankedPixels,
      notes: outcome.notes)
  }

  private func addPatient(
    _ pseudonym: String, _ identity: PatientIdentity, _ file: DICOMFile, _ set: inout EditableDataSet
  ) {
    set.set(.patientName, .pn, text: pseudonym)
    set.set(.patientID, .lo, text: pseudonym)
    let study = (try? file.dataSet.string(.studyDate)) ?? nil
    if options.keepsPatientCharacteristics, set[Tag(0x0010, 0x1010)] == nil, let study,
      let age = AgeText.between(identity.birthDate, study)
    {
      set.set(Tag(0x0010, 0x1010), .as, text: age)
    }
  }

  /// (0012,0062) to (0012,0064), (0028,0301) and (0028,0303): what was done.
  private func addMethod(_ set: inout EditableDataSet, pixels: PixelFinding?) {
    var methods = options.methods
    if let pixels, !pixels.needsReview {
      methods.insert(("113101", "Clean Pixel Data Option"), at: 1)
      set.set(.burnedInAnnotation, .cs, text: "NO")
    } else if let pixels, pixels.mask?.pixels.contains(where: { $0 >= 128 }) == true || !pixels.findings.isEmpty {
      set.set(.burnedInAnnotation, .cs, text: "YES")
    }
    set.set(Tag(0x0012, 0x0062), .cs, text: "YES")
    let summary = methods.map { $0.code }.joined(separator: " ")
    set.set(Tag(0x0012, 0x0063), .lo, text: Self.methodText(summary))
    let items = methods.map { method in
      var item = EditableDataSet()
      item.set(Tag(0x0008, 0x0100), .sh, text: method.code)
      item.set(Tag(0x0008, 0x0102), .sh, text: "DCM")
      item.set(Tag(0x0008, 0x0104), .lo, text: method.meaning)
      return item
    }
    set.set(EditableElement(Tag(0x0012, 0x0064), .sq, .items(items)))
    let dates =
      switch options.dates {
      case .shift: "MODIFIED"
      case .remove: "REMOVED"
      case .keep: "UNMODIFIED"
      }
    set.set(Tag(0x0028, 0x0303), .cs, text: dates)
  }

  /// Values of at most 64 characters.
  private static func methodText(_ codes: String) -> String {
    var values = ["Insonate, DICOM PS3.15 Annex E"]
    for code in codes.split(separator: " ") {
      if let last = values.last, values.count > 1, last.count + 1 + code.count <= 64 {
        values[values.count - 1] = last + " " + code
      } else {
        values.append("CID 7050: " + code)
      }
    }
    return values.joined(separator: "\\")
  }
}

extension Tag {
  static let seriesInstance = Tag(0x0020, 0x000e)
}
