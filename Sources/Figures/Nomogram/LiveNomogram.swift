import Foundation
package import Statistics
package import Wording

/// The nomogram as a calculator in a page: plain controls, one small script, nothing asked for from a network.
package struct LiveNomogram: Sendable {
  package var model: NomogramModel
  /// What the probability is of, such as "Probability of malignancy".
  package var outcome: String
  /// Unique on the page: letters, digits and hyphens.
  package var id: String
  package var level: Double
  private let numbers: LiveNumbers

  /// - level: of the interval, where the model has a covariance.
  /// - Throws: as ``NomogramModel/nomogram()``; `outOfRange` for a level outside 0 to 1.
  package init(
    model: NomogramModel, outcome: String, id: String, level: Double = 0.95
  ) throws(StatisticsError) {
    guard level > 0, level < 1 else {
      throw .outOfRange(what: "level", row: nil, expected: "between 0 and 1", found: "\(level)")
    }
    (self.model, self.outcome, self.id, self.level) = (model, outcome, id, level)
    numbers = LiveNumbers(model, try model.nomogram(), level: level)
  }

  /// A fragment of HTML: a form, its style and its script.
  package func html(words: Wording) -> String {
    var rows = ""
    for (place, variable) in model.variables.enumerated() { rows += row(variable, place, words) }
    let hint = words("outside what the model was made from")
    let data = numbers.json(words: [
      "points": words("\("%1") points"), "outside": words("enter \("%1") to \("%2")"),
      "incomplete": words("a value is missing or out of range"),
      "interval": words("\(Text.fixed(level * 100, 0)) % CI \("%1") to \("%2")"),
    ])
    return """
      <form class="nomogram" id="\(id)" onsubmit="return false" aria-label="\(escaped(outcome))">
      <style>\(LiveNomogram.style.replacingOccurrences(of: "ROOT", with: "#" + id))</style>
      <div class="rows">
      \(rows)</div>
      <p class="result" role="status" aria-live="polite"><span>\(escaped(words("Total points")))
      <output class="total">–</output></span>
      <span>\(escaped(outcome)) <output class="probability">–</output> <output class="interval"></output></span></p>
      <div class="bar" aria-hidden="true"><i></i></div>
      <p class="small">\(escaped(words("Numbers \(hint) are not computed. For research; not a medical device.")))</p>
      <script type="application/json">\(data)</script>
      <script>\(LiveNomogram.script.replacingOccurrences(of: "ROOT", with: id))</script>
      </form>

      """
  }

  private func row(_ variable: NomogramModel.Variable, _ place: Int, _ words: Wording) -> String {
    let field = "\(id)-\(place)"
    let unit = variable.unit.isEmpty ? "" : " <small>(\(escaped(variable.unit)))</small>"
    let label = "<label for=\"\(field)\">\(escaped(variable.label))\(unit)</label>"
    let control: String
    switch variable.kind {
    case .levels(let levels):
      let options = levels.map { "<option>\(escaped($0.label))</option>" }.joined()
      control = "<select id=\"\(field)\">\(options)</select><span></span>"
    case .number(let range, _, let decimals):
      let middle = Text.fixed((range.lowerBound + range.upperBound) / 2, decimals)
      let step = decimals > 0 ? "0." + String(repeating: "0", count: decimals - 1) + "1" : "1"
      let limits = "min=\"\(range.lowerBound)\" max=\"\(range.upperBound)\" value=\"\(middle)\""
      let slider = escaped(words("\(variable.label), slider"))
      control =
        "<input id=\"\(field)\" type=\"number\" step=\"any\" inputmode=\"decimal\" \(limits)>"
        + "<input type=\"range\" step=\"\(step)\" \(limits) aria-label=\"\(slider)\">"
    }
    return "<div class=\"row\">\(label)\(control)<output for=\"\(field)\"></output></div>\n"
  }

  private static let style = """
    ROOT{max-width:760px;margin:12px 0;padding:14px 18px;border:1px solid #d5dbe2;border-radius:4px;color:#1b1f24;\
    font:14px/1.4 Helvetica,Arial,"Liberation Sans","DejaVu Sans","PingFang SC","Microsoft YaHei",\
    "Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif}
    ROOT .row{display:grid;grid-template-columns:minmax(120px,1.4fr) minmax(90px,1fr) minmax(100px,1.6fr) 118px;\
    gap:10px;align-items:center;padding:5px 0;border-bottom:1px solid #edf0f3}
    ROOT label{font-weight:600;overflow-wrap:anywhere} ROOT small{font-weight:400;color:#5b6470}
    ROOT input,ROOT select{font:inherit;width:100%;min-width:0;padding:4px 6px} ROOT input[type=range]{padding:0}
    ROOT select{grid-column:span 2} ROOT select+span{display:none}
    ROOT .row output{text-align:right;font-variant-numeric:tabular-nums;color:#5b6470}
    ROOT .row.bad output{color:#b3261e} ROOT .row.bad input[type=number]{outline:2px solid #b3261e}
    ROOT .result{display:flex;flex-wrap:wrap;gap:4px 34px;margin:12px 0 6px;font-size:16px;max-width:none}
    ROOT .result .total,ROOT .result .probability{font-weight:700;font-size:20px;color:#0b3c5d;\
    font-variant-numeric:tabular-nums} ROOT .interval{color:#5b6470;font-size:14px}
    ROOT .bar{height:10px;background:#e3e7ec;border-radius:5px;overflow:hidden} ROOT .bar i{display:block;height:100%;\
    width:0;background:#d55e00}
    ROOT .small{font-size:12.5px;color:#5b6470;margin:6px 0 0;max-width:none}
    @media(max-width:560px){ROOT .row{grid-template-columns:1fr 1fr}}
    """

  /// The figure's arithmetic: points = (amount - low) · pointsPerUnit, probability = expit(base + total /
  /// pointsPerUnit).
  private static let script = """
    (function(){var root=document.getElementById("ROOT"),\
    m=JSON.parse(root.querySelector("script[type='application/json']")\
    .textContent),rows=root.querySelectorAll(".row"),find=function(s){return root.querySelector(s)};
    function say(t,a,b){return t.replace("%1",a).replace("%2",b)}
    function percent(p){return p<0.001?"<0.1 %":p>0.999?">99.9 %":(100*p).toFixed(1)+" %"}
    function expit(x){return 1/(1+Math.exp(-x))}
    function column(b,x){var s=b.linear*x+(b.logit?b.logit*Math.log(x/(1-x)):0);b.cubes.forEach(function(c){var d=x-c.knot;if(d>0)s+=c.weight*d*d*d});\
    return s}
    function columns(v,row){if(v.levels)return v.levels[row.querySelector("select").selectedIndex];
    var field=row.querySelector("input[type=number]"),x=field.value.trim()===""?NaN:Number(field.value);
    return isFinite(x)&&x>=v.lower&&x<=v.upper?v.bases.map(function(b){return column(b,x)}):null}
    function update(){var total=0,design=[1],whole=true;
    m.variables.forEach(function(v,i){var c=columns(v,rows[i]),out=rows[i].querySelector("output");
    rows[i].classList.toggle("bad",!c);if(!c){whole=false;out.textContent=say(m.words.outside,v.lower,v.upper);return}
    var amount=0;c.forEach(function(x,j){amount+=x*v.coefficients[j]});var points=(amount-v.low)*m.pointsPerUnit;
    total+=points;design=design.concat(c);out.textContent=say(m.words.points,points.toFixed(1))});
    var odds=m.base+total/m.pointsPerUnit,text="";
    if(whole&&m.covariance){var s=0;\
    design.forEach(function(a,i){design.forEach(function(b,j){s+=a*m.covariance[i][j]*b})});
    var half=m.critical*Math.sqrt(Math.max(0,s));
    text="("+say(m.words.interval,percent(expit(odds-half)),percent(expit(odds+half)))+")"}
    find(".total").textContent=whole?total.toFixed(1):"–";
    find(".probability").textContent=whole?percent(expit(odds)):"–";
    find(".interval").textContent=whole?text:m.words.incomplete;
    find(".bar i").style.width=(whole?100*expit(odds):0)+"%"}
    rows.forEach(function(row){var n=row.querySelector("input[type=number]"),r=row.querySelector("input[type=range]");
    if(n){n.addEventListener("input",function(){if(n.value!=="")r.value=n.value;update()});
    r.addEventListener("input",function(){n.value=r.value;update()})}
    else row.querySelector("select").addEventListener("change",update)});update()})();
    """
}
