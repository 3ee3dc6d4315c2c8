import Foundation
public import Imaging
import Statistics

/// audit.html: one file that needs no other.
public struct AuditPage: Sendable {
  public var title: String
  public var audit: ShortcutAudit
  /// Contact sheets with their captions.
  public var sheets: [(caption: String, picture: RGBImage)]

  public init(title: String, audit: ShortcutAudit, sheets: [(caption: String, picture: RGBImage)]) {
    (self.title, self.audit, self.sheets) = (title, audit, sheets)
  }

  /// - Throws: `notEncodable` for a sheet too large for a PNG.
  public func html() throws(ImagingError) -> String {
    var body = "<h1>\(Self.escaped(title))</h1>"
    body += "<p>\(audit.pictures) pictures of \(audit.clusters) patients or groups of look-alikes. "
    body +=
      MarkKind.allCases.map { "\($0.rawValue) in \(audit.found[$0.rawValue] ?? 0)" }.joined(separator: ", ") + ".</p>"
    body += "<h2>What can be told from what is not tissue</h2><ul>"
    body += audit.verdicts.map { "<li>\(Self.escaped($0))</li>" }.joined() + "</ul>"
    for target in (audit.label.map { [$0] } ?? []) + audit.columns.flatMap(\.values) { body += section(target) }
    if !audit.predictions.isEmpty { body += audit.predictions.map(section).joined() }
    for sheet in sheets {
      let png = Data(try PNG.encode(sheet.picture)).base64EncodedString()
      body += "<h2>\(Self.escaped(sheet.caption))</h2><p>\(legend)</p><img alt=\"\(Self.escaped(sheet.caption))\" "
      body += "src=\"data:image/png;base64,\(png)\">"
    }
    if !audit.notes.isEmpty {
      body += "<h2>Notes</h2><ul>" + audit.notes.map { "<li>\(Self.escaped($0))</li>" }.joined() + "</ul>"
    }
    body += "<p class=\"how\">\(Self.escaped(how))</p>"
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(Self.escaped(title))</title><style>
      body { font: 15px/1.45 sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; color: #222 }
      table { border-collapse: collapse; margin: .6em 0 } td, th { padding: .2em .8em; border-bottom: 1px solid #ccc; text-align: left }
      td.n { text-align: right; font-variant-numeric: tabular-nums } img { max-width: 100% } .how { color: #555 }
      </style></head><body>\(body)</body></html>

      """
  }

  private var legend: String {
    MarkKind.allCases.map { kind in
      let color = MarkSheet.color(of: kind).map(String.init).joined(separator: ",")
      return "<span style=\"border:2px solid rgb(\(color));padding:0 .3em\">\(kind.rawValue)</span>"
    }.joined(separator: " ")
  }

  private var how: String {
    let settings = audit.settings
    return
      "Ridge logistic regression, \(settings.folds) folds by patient group, the penalty chosen inside each training part; "
      + "interval of the AUC after Obuchowski (clusters), \(settings.permutations) permutations of whole groups, seed "
      + "\(settings.seed). \"Can be told\": lower limit above \(settings.canBeTold) and permutation p at most "
      + "\(Self.number(1 - settings.level)); \"hardly\": upper limit below \(settings.hardly). p of single features after Holm."
  }

  private func section(_ target: TargetAudit) -> String {
    var text = "<h2>\(Self.escaped(target.target)): \(target.positives) against \(target.negatives) pictures</h2>"
    text += Self.table(
      ["from", "AUC", "p (permutation)", "AUC of permutations"],
      target.areas.map {
        [$0.scope.rawValue, Self.estimate($0.auc), Self.number($0.permutationP), Self.number($0.permutedMean)]
      })
    text += Self.table(
      ["mark", "with: yes", "with: no", "without: yes", "without: no", "odds ratio", "Fisher's p"],
      target.marks.map { mark in
        let counts = [
          mark.withMarkPositive, mark.withMarkNegative, mark.withoutMarkPositive, mark.withoutMarkNegative,
        ]
        return [mark.kind.rawValue] + counts.map(String.init)
          + [Self.estimate(mark.oddsRatio), mark.fisherP.map(Self.number) ?? "-"]
      })
    text += Self.table(
      ["feature alone", "AUC", "p (Holm)", "in the model, per SD"],
      target.features.prefix(12).map {
        [$0.name, Self.estimate($0.auc), Self.number($0.adjustedP), Self.number($0.coefficient)]
      })
    return text
  }

  private func section(_ model: PredictionAudit) -> String {
    "<h2>Model \(Self.escaped(model.model))</h2>"
      + "<p>\(Self.escaped(model.verdict)) AUC \(Self.estimate(model.auc)); rank correlation with marks and making "
      + "\(Self.number(model.correlation)) over \(model.pictures) pictures.</p>"
      + Self.table(
        ["mark", "", "pictures", "the model's AUC"],
        model.strata.map {
          [
            $0.kind.rawValue, $0.isPresent ? "with" : "without", "\($0.pictures)", $0.auc.map(Self.estimate) ?? "-",
          ]
        })
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    "<table><tr>" + head.map { "<th>\(escaped($0))</th>" }.joined() + "</tr>"
      + rows.map { row in
        "<tr>" + row.enumerated().map { "<td\($0 > 0 ? " class=\"n\"" : "")>\(escaped($1))</td>" }.joined() + "</tr>"
      }.joined() + "</table>"
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "-" }
    return value != 0 && abs(value) < 0.001 ? String(format: "%.1e", value) : String(format: "%.3f", value)
  }

  static func estimate(_ estimate: Estimate) -> String {
    guard estimate.isDefined else { return "-" }
    return number(estimate.value)
      + (estimate.interval.map { " (\(number($0.lower)) to \(number($0.upper)))" } ?? "")
  }

  static func escaped(_ text: String) -> String {
    var out = ""
    for character in text {
      switch character {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      default: out.append(character)
      }
    }
    return out
  }
}
