import Wording

/// The page's look, on a screen and on A4 paper; held in the page itself, which asks for nothing from a network.
enum Style {
  static func sheet(_ words: Wording) -> String { look + print(words) }

  private static let look = """
    :root { color-scheme: light; --ink: #1b1f24; --quiet: #5b6470; --line: #d5dbe2; --main: #0b3c5d; --wash: #f5f7f9; }
    * { box-sizing: border-box; }
    html { background: #e9edf1; }
    body { margin: 0 auto; max-width: 980px; padding: 0 44px 40px; background: #fff; color: var(--ink);
      font: 15px/1.5 Helvetica, Arial, "Liberation Sans", "DejaVu Sans", "PingFang SC", "Microsoft YaHei",
      "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif; }
    html:lang(zh) body { line-height: 1.65; }
    header.top { padding: 34px 0 18px; border-bottom: 3px solid var(--main); }
    h1 { margin: 6px 0 4px; font-size: 27px; line-height: 1.2; color: var(--main); overflow-wrap: anywhere; }
    h2 { margin: 36px 0 10px; padding-bottom: 4px; font-size: 19px; color: var(--main); border-bottom: 1px solid
      var(--line); }
    h3 { margin: 22px 0 8px; font-size: 15.5px; }
    p { margin: 0 0 10px; max-width: 78ch; }
    .notice { display: inline-block; padding: 3px 10px; border: 1px solid #b3261e; border-radius: 3px; color: #8c1d18;
      font-size: 12.5px; font-weight: 600; }
    .silico { display: inline-block; margin-left: 6px; padding: 3px 10px; border-radius: 3px; background: #4a3b76;
      color: #fff; font-size: 12.5px; font-weight: 600; }
    .sub { color: var(--quiet); font-size: 13.5px; max-width: none; }
    .headline { margin: 20px 0 6px; padding: 16px 20px; background: var(--wash); border-left: 5px solid var(--main);
      font-size: 18.5px; line-height: 1.45; max-width: none; }
    .headline strong { color: var(--main); }
    .tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: 10px; margin: 12px 0 6px; }
    .tile { padding: 9px 12px; border: 1px solid var(--line); border-radius: 4px; }
    .tile b { display: block; font-size: 20px; color: var(--main); font-variant-numeric: tabular-nums; }
    .tile span { display: block; font-size: 12px; color: var(--quiet); line-height: 1.35; }
    .warnings { margin: 18px 0; padding: 12px 18px; border: 1px solid #d9a400; border-left: 5px solid #d9a400;
      background: #fffaeb; }
    .warnings h2 { margin: 0 0 6px; border: 0; padding: 0; font-size: 15.5px; color: #6b4e00; }
    .warnings ul, ul.notes { margin: 0; padding-left: 20px; }
    ul.notes { color: var(--quiet); font-size: 13.5px; margin-top: 8px; }
    table { border-collapse: collapse; width: 100%; margin: 8px 0 6px; font-size: 13.5px;
      font-variant-numeric: tabular-nums; border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
    caption { text-align: left; padding: 0 0 6px; font-size: 13.5px; color: var(--quiet); }
    th, td { padding: 5px 8px; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
    thead th { border-bottom: 1px solid var(--ink); font-weight: 700; }
    html:lang(zh) th, html:lang(zh) td { word-break: keep-all; overflow-wrap: break-word; }
    tbody tr + tr td, tbody tr + tr th { border-top: 1px solid #edf0f3; }
    th:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
    tbody th { font-weight: 400; min-width: 6.5em; }
    tr.group th { font-weight: 600; padding-top: 9px; }
    tr.level th:first-child { padding-left: 18px; }
    td.n, th.n { text-align: right; white-space: nowrap; }
    .figures { display: grid; grid-template-columns: repeat(2, 1fr); gap: 18px 26px; margin: 12px 0; align-items:
      start; }
    figure { margin: 0; break-inside: avoid; }
    figure.wide { grid-column: 1 / -1; }
    figure svg { display: block; width: 100%; height: auto; }
    figcaption { margin-top: 4px; font-size: 12.5px; line-height: 1.4; color: var(--quiet); }
    .gallery { display: grid; grid-template-columns: repeat(2, 1fr); gap: 16px; }
    .gallery img { display: block; width: 100%; height: auto; }
    dl { display: grid; grid-template-columns: minmax(130px, 190px) 1fr; gap: 4px 16px; margin: 8px 0; font-size:
      13.5px; }
    dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
    dl.glossary dt { color: var(--ink); font-weight: 600; }
    pre { padding: 12px 14px; background: var(--wash); border: 1px solid var(--line); font: 11.5px/1.45 "DejaVu Sans
      Mono",
      "Liberation Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    details summary { cursor: pointer; color: var(--main); font-size: 13.5px; }
    nav.contents { margin: 18px 0 0; } nav.contents h2 { margin: 0 0 4px; border: 0; padding: 0; font-size: 15.5px; }
    nav.contents ol { margin: 0; padding-left: 22px; columns: 2; column-gap: 30px; font-size: 13.5px; }
    a { color: var(--main); }
    p.files { margin: 0 0 14px; text-align: right; max-width: none; }
    .files { font-size: 12px; color: var(--quiet); white-space: nowrap; }
    .checklist th, .checklist .scope { white-space: nowrap; } .checklist td div + div { margin-top: 3px; }
    .checklist a { font-size: 12px; color: var(--main); }
    .checklist .quiet { color: var(--quiet); font-size: 12.5px; min-width: 11em; }
    .refs { font-size: 13.5px; padding-left: 22px; }
    footer.end { margin-top: 36px; padding-top: 10px; border-top: 1px solid var(--line); font-size: 12.5px; color:
      var(--quiet); }
    .running { display: none; }
    @media (max-width: 720px) { body { padding: 0 16px 24px; } .figures, .gallery { grid-template-columns: 1fr; }
      .tiles { grid-template-columns: repeat(2, 1fr); } }

    """

  /// On paper each page carries the notice; browsers that know no margin boxes set it along the edge.
  private static func print(_ words: Wording) -> String {
    let pages = words("Page \("\" counter(page) \"") of \("\" counter(pages) \"")")
    return """
      @page { size: A4; margin: 16mm 15mm 18mm;
        @bottom-left { content: "\(words(Page.notice))"; font: 8.5pt Helvetica, Arial, sans-serif; color:
        #8c1d18; }
        @bottom-right { content: "\(pages)"; font: 8.5pt Helvetica, Arial, sans-serif;
          color: #5b6470; } }
      @media print {
        html { background: #fff; }
        body { max-width: none; padding: 0; font-size: 10pt; }
        header.top { padding-top: 0; }
        h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 18pt; } h2, h3 { break-after: avoid; }
        .headline { font-size: 12pt; }
        .tile b { font-size: 13pt; }
        table, dl, pre, .refs { font-size: 8.8pt; } table { margin-bottom: 14px; }
        tr, table.short, .tile, .warnings, .headline { break-inside: avoid; }
        p { max-width: none; } .files { display: none; } nav.contents { break-inside: avoid; }
        a { color: inherit; text-decoration: none; }
        .tiles { gap: 6px; } .tile { padding: 6px 8px; } .tile span { font-size: 7.6pt; }
        thead { display: table-header-group; }
        details.checklist::details-content { content-visibility: visible; }
        * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      }
      @supports (-moz-appearance: none) { @media print { body { padding-right: 8mm; }
        .running { display: block; position: fixed; right: 0; top: 0; writing-mode: vertical-rl; font-size: 8.5pt;
          color: #8c1d18; } } }
      """
  }
}
