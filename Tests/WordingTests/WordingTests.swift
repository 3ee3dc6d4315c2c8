import Testing

@testable import Wording

@Suite struct WordingTests {
  @Test func valuesGoWhereTheTemplateWantsThem() {
    let phrase: Phrase = "\(3) of \("A & B")"
    #expect(phrase.key == "{1} of {2}")
    #expect(phrase.description == "3 of A & B")
    #expect(phrase.text("{2}: {1} {x} {9}", Wording(.english)) == "A & B: 3 {x} {9}")
  }

  @Test func anInsertedPhraseIsTranslatedAndTextIsNot() {
    let name = "Specificity"
    let phrase: Phrase = "\(Phrase("Sensitivity"))\(name)"
    #expect(phrase.text("{2}, {1}", Wording(.chinese)) == "Specificity, 灵敏度")
  }

  @Test func phrasesAreEqualThatSayTheSame() {
    #expect(Phrase("\(3) of \(Phrase("lesions"))") == Phrase(verbatim: "3 of lesions"))
    #expect(Set([Phrase("lesion"), Phrase(verbatim: "lesion"), Phrase("lesions")]).count == 2)
  }

  @Test func sentencesFollowOneAnother() {
    let phrases = [Phrase(verbatim: "A."), Phrase(verbatim: "B.")]
    #expect(Wording(.english).sentences(phrases) == "A. B." && Wording(.chinese).sentences(phrases) == "A.B.")
  }

  @Test func whatTheCatalogueLacksIsEnglishAndNamed() {
    let words = Wording(.chinese)
    #expect(words("no such phrase at all") == "no such phrase at all")
    #expect(words(Phrase(verbatim: "a column")) == "a column")
    #expect(words("Sensitivity") == "灵敏度")
    #expect(words.missing == ["no such phrase at all"])
  }

  /// A translation has the places of its key, each once, and none more.
  @Test func everyTranslationHasTheValuesOfItsKey() {
    for (key, chinese) in Chinese.catalogue {
      let places = { (text: String) in text.matches(of: /\{\d+\}/).map { String($0.output) }.sorted() }
      #expect(places(key) == places(chinese), "\(key)")
    }
  }
}
