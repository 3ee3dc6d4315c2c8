import Figures
import Wording

/// What a unit, and how many of it, is called on a page.
extension Unit {
  /// "lesion".
  var word: Phrase {
    switch self {
    case .lesion: Phrase("lesion")
    case .image: Phrase("image")
    case .patient: Phrase("patient")
    }
  }

  /// "lesions".
  var words: Phrase {
    switch self {
    case .lesion: Phrase("lesions")
    case .image: Phrase("images")
    case .patient: Phrase("patients")
    }
  }

  /// "Lesion", at the head of a column.
  var title: Phrase {
    switch self {
    case .lesion: Phrase("Lesion")
    case .image: Phrase("Image")
    case .patient: Phrase("Patient")
    }
  }

  /// "Lesions", at the head of a column.
  var titles: Phrase {
    switch self {
    case .lesion: Phrase("Lesions")
    case .image: Phrase("Images")
    case .patient: Phrase("Patients")
    }
  }

  /// "1 lesion", "2 lesions".
  func counted(_ count: Int) -> Phrase {
    let number = Text.count(count)
    return switch (self, count) {
    case (.lesion, 1): Phrase("\(number) lesion")
    case (.lesion, _): Phrase("\(number) lesions")
    case (.image, 1): Phrase("\(number) image")
    case (.image, _): Phrase("\(number) images")
    case (.patient, 1): Phrase("\(number) patient")
    case (.patient, _): Phrase("\(number) patients")
    }
  }
}

/// What the reference standard says, in a word.
enum Reference {
  static func word(isMalignant: Bool) -> Phrase { isMalignant ? Phrase("malignant") : Phrase("benign") }
}
