import Foundation
import Imaging

/// The sheet as one page of HTML that needs no other file.
enum ProofPage {
  static func html(_ entries: [ProofSheet.Entry]) throws(BurnedInError) -> String {
    var parts = [
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Text blanked in pictures</title><style>
      body { font: 15px/1.4 sans-serif; margin: 24px; max-width: 1340px }
      .notice { border: 2px solid #b00; padding: 8px 12px }
      .look { color: #b00; font-weight: bold }
      .pair { display: flex; gap: 8px; margin: 8px 0 } .pair figure { margin: 0; max-width: 50% } .pair img { max-width: 100% }
      table { border-collapse: collapse } td, th { border: 1px solid #999; padding: 2px 8px; text-align: left }
      </style></head><body>
      <h1>Text blanked in pictures</h1>
      <p class="notice">\(escaped(ProofSheet.notice))</p>
      <p>\(counted(entries.count, "file")), \(entries.count { $0.text.needsReview }) with a reason to look. On the left each frame before, with
      a red outline around what is blanked; on the right after, as it was written.</p>
      """
    ]
    // Those that need a look come first.
    for entry in entries.filter(\.text.needsReview) + entries.filter({ !$0.text.needsReview }) {
      parts.append(try section(entry))
    }
    parts.append("<p>Reviewer: ______________________ Date: ______________</p></body></html>\n")
    return parts.joined(separator: "\n")
  }

  private static func section(_ entry: ProofSheet.Entry) throws(BurnedInError) -> String {
    let text = entry.text
    let share = 100 * Double(text.blankedTissuePixels) / Double(max(1, text.tissuePixels))
    var parts = [
      "<h2>\(escaped(entry.name))</h2>",
      "<p>\(counted(entry.frameCount, "frame")), \(counted(text.findings.count { !$0.isKept }, "text")) blanked, "
        + "\(text.findings.count(where: \.isKept)) kept, \(String(format: "%.2f", share)) % of the tissue blanked.</p>",
    ]
    for reason in text.reasons { parts.append("<p class=\"look\">Look: \(escaped(reason))</p>") }
    for frame in entry.frames {
      let (before, after) = (
        try picture(ProofPictures.outlined(frame.before, mask: text.mask, width: ProofPictures.pageWidth), "before"),
        try picture(ProofPictures.small(frame.after, width: ProofPictures.pageWidth), "after")
      )
      parts.append("<p>Frame \(frame.index + 1) of \(entry.frameCount)</p><div class=\"pair\">\(before)\(after)</div>")
    }
    if !text.findings.isEmpty {
      parts.append(
        "<table><tr><th>read as</th><th>kind</th><th>at (column, row)</th><th>evidence</th><th>confidence</th><th>decision</th></tr>"
      )
      for finding in text.findings.sorted(by: { ($0.box.top, $0.box.left) < ($1.box.top, $1.box.left) }) {
        let evidence = finding.evidence.map(\.rawValue).joined(separator: ", ")
        parts.append(
          "<tr><td>\(escaped(finding.text ?? ""))</td><td>\(finding.kind.rawValue)</td>"
            + "<td>\(finding.box.left), \(finding.box.top)</td><td>\(evidence)</td>"
            + "<td>\(String(format: "%.2f", finding.confidence))</td><td>\(finding.isKept ? "kept" : "blanked")</td></tr>"
        )
      }
      parts.append("</table>")
    }
    return parts.joined(separator: "\n")
  }

  private static func counted(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }

  private static func picture(_ image: RGBImage, _ caption: String) throws(BurnedInError) -> String {
    do throws(ImagingError) {
      let data = Data(try PNG.encode(image)).base64EncodedString()
      return
        "<figure><img alt=\"\(caption)\" src=\"data:image/png;base64,\(data)\"><figcaption>\(caption)</figcaption></figure>"
    } catch { throw .imaging(error) }
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
