/* The page of a data profile. It draws what Python computed and computes no figure of its own. */
(function () {
  const {
    state, LATIN, say, pick, fixed, number, trim, count, percent, h, byId, badge, section, select, table,
    download, languages, charts, TYPE, LINE, chart, watch,
  } = page;
  const SECTIONS = ["overview", "chase", "sets", "agreements", "rules"];
  const SHAPES = { ok: "●", warn: "▲", bad: "■", unknown: "○" };
  const BLUES = [["#ffffff", "#1a1f2b"], ["#eef4fb", "#1a1f2b"], ["#c9dcf1", "#1a1f2b"], ["#94b8e0", "#1a1f2b"], ["#3f77bd", "#ffffff"], ["#1f4f94", "#ffffff"]];
  let data;
  Object.assign(state, { set: "", column: "" });

  const figure = (value) => (value === null || value === undefined ? "—" : trim(value));
  const withUnit = (column) => pick(column.title) + (column.unit ? `（${column.unit}）` : "");
  const sum = (rows, of) => rows.reduce((all, row) => all + of(row), 0);
  const light = (set) => h("span.light." + set.freshness.light, {}, pick(set.said));
  const chosen = () => data.datasets.find((each) => each.id === state.set) || data.datasets[0];
  const title = () => pick(data.city) + (state.language === LATIN ? ": " : "") + say("p_title");

  function draw() {
    document.documentElement.lang = state.language === LATIN ? "en" : "zh-CN";
    document.title = title();
    charts.forEach((each) => each.dispose());
    charts.length = 0;
    const scroll = window.scrollY;
    byId("page").replaceChildren(
      h("p.print-mark", {}, data.run.simulated ? "▲ " + say("simulated") : ""),
      head(), menu(), h("main.wide", {}, overview(), chase(), sets(), agreements(), rules()),
      h("footer.wide.quiet.small", {}, say("credits")));
    window.scrollTo(0, scroll);
    drawCharts();
    watch();
  }
  function head() {
    const fact = (name, value) => h("span", {}, say(name) + " ", h("strong", {}, value));
    return h("header.top", {}, h("div.wide", {},
      h("div.title", {},
        h("h1", {}, title(), " ", badge()),
        h("p.facts.quiet", {}, fact("as_of", data.as_of), fact("p_frame", say("p_frame_n", { n: count(data.frame) })),
          fact("p_folder", String(data.datasets.length))),
        data.run.simulated ? h("p.quiet", {}, say("p_simulated_note")) : null),
      h("div.tools", {}, languages(draw), h("button.print", { type: "button", onclick: () => window.print() }, say("print")))));
  }
  function menu() {
    return h("nav.menu", { "aria-label": say("sections") }, h("div.wide", {},
      h("ul", {}, SECTIONS.map((id) => h("li", {}, h("a", { href: "#" + id, "data-to": id }, say("nav_" + id))))), badge()));
  }

  function overview() {
    const read = sum(data.datasets, (each) => each.read), held = sum(data.datasets, (each) => each.quarantined);
    const late = data.datasets.filter((each) => each.freshness.light === "warn" || each.freshness.light === "bad").length;
    const compared = sum(data.agreements, (each) => each.compared), agree = sum(data.agreements, (each) => each.agree);
    const one = (name, value, unit, note) => h("div", {}, h("dt", {}, name),
      h("dd.big", {}, value, unit ? h("small", {}, unit) : null), h("dd.quiet.small", {}, note));
    return h("section", { id: "overview", "aria-label": say("nav_overview") },
      h("p.sentence", {}, pick(data.sentence)),
      h("dl.figures", {},
        one(say("p_on_time"), count(data.datasets.length - late), say("p_unit_sets"), say("p_on_time_note", { n: data.datasets.length })),
        one(say("p_read"), count(read), say("unit_rows"), say("p_read_note", { accepted: count(read - held), quarantined: count(held) })),
        one(say("p_sent_back"), count(held), say("unit_rows"), say("p_sent_back_note", { share: percent(held, read) })),
        one(say("p_slips"), count(sum(data.datasets, (each) => each.slips)), say("p_unit_places"), say("p_slips_note")),
        one(say("p_agreeing"), percent(agree, compared), "", say("p_agreeing_note", { n: data.agreements.length }))));
  }

  /* ---- what to chase, and whom ---- */

  function open(set, column) {
    state.set = set;
    state.column = column || "";
    redraw("sets", sets);
    byId("sets").scrollIntoView();
  }
  function due(fresh) {
    return fresh.next_due ? say("p_due_by", { period: fresh.next_period, day: fresh.next_due }) : "—";
  }
  function chase() {
    const names = ["p_set", "owner", "p_state", "p_newest", "p_next_due", "p_coverage", "p_to_do"].map((key) => say(key));
    const plain = data.datasets.map((each) => [pick(each.title), pick(each.owner), pick(each.said),
      each.freshness.newest ? pick(each.freshness.newest) : "—", due(each.freshness), covered(each), each.to_do.map(pick).join("；")]);
    const rows = data.datasets.map((each, i) => [
      h("button.link", { type: "button", onclick: () => open(each.id) }, plain[i][0]), plain[i][1], light(each), ...plain[i].slice(3, 6),
      each.to_do.length ? h("ul.todo", {}, each.to_do.map((words) => h("li", {}, pick(words)))) : h("span.quiet", {}, say("p_do_nothing"))]);
    return section("chase", say("p_chase_title"), say("p_chase_note"),
      table(names.map((each, i) => [each, i === 5]), rows, { cards: true, label: say("p_chase_title") }),
      h("p", { style: { marginTop: "8px" } }, download("chase", names, () => plain)), heat());
  }
  /* Nearly all is not all: 99.97 % must not read as 100 %. */
  const shareOf = (part, whole) => (part < whole && part / whole > 0.9995 ? ">99.9%" : percent(part, whole));
  const covered = (set) => (set.coverage && set.file ? shareOf(set.coverage.enterprises, data.frame) : "—");
  function heat() {
    const shown = data.datasets.filter((each) => each.coverage && each.coverage.by_year.length);
    const years = [...new Set(shown.flatMap((each) => each.coverage.by_year.map(([year]) => year)))].sort().slice(-6);
    if (!years.length) return null;
    const cell = (value) => {
      if (value === undefined) return h("td", { "--m": "#ffffff" }, "—");
      const [back, ink] = BLUES[Math.min(5, Math.ceil((5 * value) / Math.max(1, data.frame)))];
      return h("td.number", { "--m": back, style: { color: ink, textAlign: "center" } }, percent(value, data.frame));
    };
    const body = shown.map((each) => {
      const known = Object.fromEntries(each.coverage.by_year);
      return h("tr", {}, h("th", { scope: "row" }, pick(each.title)), years.map((year) => cell(known[year])));
    });
    return h("div.heat", {}, h("h3", {}, say("p_cover_title")), h("p.quiet", {}, say("p_cover_note")),
      h("div.box", { tabindex: "0", role: "group", "aria-label": say("p_cover_title") }, h("table.matrix", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, ""), years.map((year) => h("th", { scope: "col" }, String(year))))),
        h("tbody", {}, body))));
  }

  /* ---- one dataset ---- */

  function sets() {
    const now = chosen();
    const choices = data.datasets.map((each) => [each.id, SHAPES[each.freshness.light] + " " + pick(each.title)]);
    const list = h("ul.sets-menu", { "aria-label": say("p_set") }, data.datasets.map((each) => h("li", {}, h("button", {
      type: "button", "aria-pressed": String(each === now), onclick: () => { state.set = each.id; state.column = ""; redraw("sets", sets); },
    }, h("span.light." + each.freshness.light, { "aria-hidden": "true" }, SHAPES[each.freshness.light]),
    h("span", {}, pick(each.title)), h("small", { title: each.to_do.map(pick).join("；") }, each.to_do.length ? String(each.to_do.length) : "")))));
    return section("sets", say("p_set_title"), null,
      h("div.sets", {},
        h("div", {}, list, h("div.sets-choice.filters.no-print", {}, select(say("p_set"), now.id, choices,
          (value) => { state.set = value; state.column = ""; redraw("sets", sets); }, { id: "set" }))),
        panel(now)));
  }
  function panel(set) {
    const fresh = set.freshness;
    const line = (name, ...values) => h("div", {}, h("dt", {}, name), h("dd", {}, values));
    const agreed = say("every_" + fresh.every) + (fresh.due ? (state.language === LATIN ? ", " : "，") + fresh.due : "");
    return h("div.panel", {},
      h("div.panel-head", {}, h("h3", {}, pick(set.title)), light(set), badge()),
      h("dl.lines", {},
        line(say("owner"), pick(set.owner), set.file ? h("small", {}, set.file) : null),
        line(say("p_newest"), fresh.newest ? pick(fresh.newest) : "—", h("small", {}, say("p_due") + " " + agreed)),
        line(say("p_read"), h("strong", {}, count(set.read)), h("small", {}, say("p_read_note", { accepted: count(set.accepted), quarantined: count(set.quarantined) }))),
        set.coverage ? line(say("p_coverage"), h("strong", {}, covered(set)), h("small", {}, say("p_of", { part: count(set.coverage.enterprises), whole: count(data.frame) }))) : null),
      set.refused.length ? h("div.note.bad", { role: "alert" }, h("p", {}, "■ " + say("p_refused")), h("ul", {}, set.refused.map((each) =>
        h("li", {}, pick(each.what), h("br"), h("span.quiet", {}, "→ " + pick(each.hint)))))) : null,
      !set.file && !set.refused.length ? h("p.empty", {}, say("p_no_file")) : null,
      set.file && !set.may_name && set.coverage ? h("p.note", {}, say("p_secret")) : null,
      set.file ? [columns(set), rejects(set), gone(set)] : null);
  }
  function columns(set) {
    const names = ["column", "p_filled", "p_distinct", "p_least", "p_quartile1", "p_middle", "p_quartile3", "p_most", "p_zeros", "p_negatives", "p_outliers", "p_slip"].map((key) => say(key));
    const plain = set.columns.map((each) => {
      const f = each.figures, d = each.dates;
      const spread = f ? [f.least, ...(f.quartiles || [null, null, null]), f.most].map(figure) : d ? [d.least, ...d.quartiles, d.most] : ["", "", "", "", ""];
      return [withUnit(each), shareOf(each.filled, set.accepted), count(each.distinct), ...spread,
        ...(f ? [f.zeros, f.negatives, f.outliers.count, f.slips.count].map(count) : ["", "", "", ""])];
    });
    const body = set.columns.flatMap((each, i) => {
      const can = each.figures || each.top.length, isOpen = can && state.column === each.id;
      const share = set.accepted ? each.filled / set.accepted : 0;
      const name = can ? h("button.link", { type: "button", "aria-expanded": String(!!isOpen),
        onclick: () => { state.column = isOpen ? "" : each.id; redraw("sets", sets); } }, plain[i][0]) : plain[i][0];
      const cells = plain[i].slice(1).map((value, k) => h("td.number" + (k >= 9 && value !== "" && value !== "0" ? ".alarm" : ""), { "data-name": names[k + 1] },
        value, k === 0 ? h("span.fill" + (share < 0.5 ? ".low" : ""), { "aria-hidden": "true" }, h("i", { style: { width: 100 * share + "%" } })) : null));
      const row = h("tr", { "aria-selected": isOpen ? "true" : null }, h("th.whole", { scope: "row" }, name), cells);
      return isOpen ? [row, h("tr.detail", {}, h("td", { colspan: String(names.length) }, detail(set, each)))] : [row];
    });
    return [h("h4", {}, say("p_columns")), h("p.quiet", {}, say("p_columns_note")),
      h("div.box", { tabindex: "0", role: "group", "aria-label": say("p_columns") }, h("table.cards", {},
        h("thead", {}, h("tr", {}, names.map((each, i) => h("th" + (i ? ".number" : ""), { scope: "col" }, each)))), h("tbody", {}, body))),
      h("p", { style: { marginTop: "8px" } }, download(set.id + "-columns", names, () => plain))];
  }
  function detail(set, column) {
    const f = column.figures;
    if (!f) return tops(set, column);
    const nothing = !f.slips.count && !f.outliers.count;
    return h("div.inside", {},
      h("div", {}, h("h5", {}, say("p_sizes")), h("p.quiet.small", {}, say("p_sizes_note")), h("div.chart", { id: "sizes" })),
      h("div", {}, nothing ? h("p", {}, h("span.light.ok", { "aria-hidden": "true" }, "● "), say("p_nothing_special"))
        : !column.may_name ? h("p", {}, say("p_counts_only", { outliers: count(f.outliers.count), slips: count(f.slips.count) }))
          : [suspects(set, column, f.slips, "p_slip_rows", "p_own_years"), suspects(set, column, f.outliers, "p_outlier_rows", "p_section_middle")]));
  }
  const times = (ratio) => (ratio >= 1 ? trim(ratio) : "1/" + trim(1 / ratio));
  function suspects(set, column, found, key, against) {
    if (!found.count) return null;
    return listed(`${set.id}-${column.id}`, found.rows, say(key, { n: count(found.count) }), withUnit(column), say(against), found.count);
  }
  function listed(name, rows, caption, value, against, total) {
    const names = [say("p_enterprise"), say("p_year"), value, against, say("p_times")];
    const shown = rows.map((each) => [[h("div", {}, each.name || "—"), h("div.code", {}, each.uscc)], each.year === null ? "" : String(each.year),
      figure(each.value), figure(each.against), times(each.ratio)]);
    const plain = () => rows.map((each) => [each.uscc, each.name, each.year, each.value, each.against, each.ratio]);
    return h("div.rows", {}, h("h5", {}, caption),
      rows.length < total ? h("p.quiet.small", {}, say("p_first_rows", { shown: count(rows.length), total: count(total) })) : null,
      table(names.map((each, i) => [each, i > 0]), shown, { label: caption, cards: true }),
      h("p", { style: { marginTop: "8px" } }, download(name, [say("p_uscc"), ...names], plain)));
  }
  function tops(set, column) {
    const most = column.top[0][1];
    return h("div", {}, h("h5", {}, say("p_top")), h("div.tops", {}, column.top.map(([value, n]) => [
      h("span", {}, value), h("span.bar", { "aria-hidden": "true" }, h("i", { style: { width: (100 * n) / most + "%" } })), h("span.number", {}, count(n))])));
  }
  function rejects(set) {
    if (!set.rejects.length) return [h("h4", {}, say("p_rejects")), h("p", {}, h("span.light.ok", { "aria-hidden": "true" }, "● "), say("p_no_rejects"))];
    const names = ["column", "reason", "p_rows", "p_examples", "p_advice"].map((key) => say(key));
    const rows = set.rejects.map((each) => [pick(each.column), pick(each.reason), count(each.count),
      examples(each.examples),
      pick(each.advice)]);
    const plain = () => set.rejects.flatMap((each) => each.examples.map(([row, cell]) => [pick(each.column), pick(each.reason), each.count, row, cell, pick(each.advice)]));
    return [h("h4", {}, say("p_rejects")), table(names.map((each, i) => [each, i === 2]), rows, { cards: true, label: say("p_rejects") }),
      h("p", { style: { marginTop: "8px" } }, download(set.id + "-rejects", [say("column"), say("reason"), say("p_rows"), say("row"), say("value"), say("p_advice")], plain))];
  }
  function examples(found) {
    if (found.every(([, cell]) => cell === null)) {
      const rows = found.map(([row]) => count(row)).join(state.language === LATIN ? "; " : "、");
      return h("ul.examples", {}, h("li", {}, say("p_example", { row: rows })));
    }
    return h("ul.examples", {}, found.map(([row, cell]) => h("li", {}, say("p_example", { row: count(row) }), cell === null ? "" : [" ", h("code", {}, cell)])));
  }
  function gone(set) {
    if (!set.coverage || !set.coverage.gone) return null;
    const rows = set.coverage.gone_rows, words = say("p_gone", { n: count(set.coverage.gone) });
    if (!rows.length) return h("p.quiet", { style: { marginTop: "24px" } }, words);
    return h("details", { style: { marginTop: "24px" } }, h("summary", {}, words),
      rows.length < set.coverage.gone ? h("p.quiet.small", {}, say("p_gone_first", { shown: count(rows.length) })) : null,
      table([[say("p_enterprise")], [say("p_uscc")]], rows.map(([code, name]) => [name || "—", h("span.code", {}, code)]), { label: words }),
      download(set.id + "-gone", [say("p_uscc"), say("p_enterprise")], () => rows));
  }

  /* ---- sources compared ---- */

  function agreements() {
    return section("agreements", say("p_agree_title"), data.agreements.length ? say("p_agree_note") : null,
      data.agreements.length ? data.agreements.map(pair) : h("p.empty", {}, say("p_no_agreements")));
  }
  function pair(each, i) {
    const share = each.compared ? each.agree / each.compared : 0;
    const factor = (x) => (x >= 1 ? count(x) : "1/" + count(Math.round(1 / x)));
    const near = each.suspects.filter(([, n]) => n);
    const heading = say("p_who", { left: each.left, right: each.right });
    const owners = [...new Set([pick(each.left_owner), pick(each.right_owner)])].join(" · ");
    const unit = each.unit ? `（${each.unit}）` : "";
    return h("article.pair", { "aria-label": heading },
      h("div", {}, h("h3", {}, heading), h("p.owners", {}, owners),
        each.compared ? h("p", {}, say("p_pair_sentence", { both: count(each.both), within: each.within, share: shareOf(each.agree, each.compared),
          median: each.median === null ? "—" : trim(each.median) })) : h("p.empty", {}, say("p_pair_nothing")),
        each.compared ? h("div.share", { "aria-hidden": "true" }, h("i", { style: { width: 100 * share + "%" } })) : null,
        h("p.quiet", {}, say("p_only", { left: count(each.only_left), right: count(each.only_right) })),
        near.length ? [h("p.alarm", { style: { marginTop: "12px" } }, "■ " + say("p_suspects")),
          h("ul.chips", {}, near.map(([x, n]) => h("li", {}, say("p_suspect", { factor: factor(x), n: count(n) }))))]
          : each.compared ? h("p", {}, h("span.light.ok", { "aria-hidden": "true" }, "● "), say("p_pair_ok")) : null,
        each.may_name ? null : h("p.note", { style: { marginTop: "12px" } }, say("p_pair_secret"))),
      each.ratios.length ? h("figure", {}, h("div.chart", { id: "ratio-" + i })) : h("div"),
      each.differences.length ? h("details", {}, h("summary", {}, say("p_differences_n", { n: count(each.differences.length) })),
        listed("differences-" + (i + 1), each.differences, say("p_differences"), pick(each.left) + unit, pick(each.right) + unit, each.differences.length)) : null);
  }

  /* ---- rules ---- */

  function rules() {
    const keys = ["p_rule_read", "p_rule_fresh", "p_rule_cover", "p_rule_outlier", "p_rule_slip", "p_rule_agree", "p_rule_law"];
    return section("rules", say("p_rules_title"), null,
      h("ul.rules", {}, keys.map((key) => h("li", {}, say(key)))),
      data.notes.length ? h("details", {}, h("summary", {}, say("p_notes")), h("ul.rules", {}, data.notes.map((each) => h("li", {}, pick(each))))) : null);
  }

  /* ---- charts ---- */

  const LARGE = { zh: [[8, "亿"], [4, "万"]], en: [[9, " bn"], [6, " m"]] };
  function power(k) {
    const [from, word] = LARGE[state.language].find(([least]) => k >= least) || [0, ""];
    return k < 0 ? Math.pow(10, k).toFixed(-k) : count(Math.pow(10, k - from)) + word;
  }
  /* Bars over powers of ten: [step, bins, n per power of ten]. */
  function bars(id, height, label, bins, per, extra) {
    const low = Math.floor(bins[0][0] / per), high = Math.ceil((bins[bins.length - 1][0] + 1) / per);
    chart(id, height, label, {
      grid: { left: 8, right: 32, top: extra.top || 12, bottom: extra.name ? 28 : 8, containLabel: true },
      xAxis: { type: "value", min: extra.min === undefined ? low : Math.min(low, extra.min), max: extra.max === undefined ? high : Math.max(high, extra.max), interval: 1,
        name: extra.name, nameLocation: "middle", nameGap: 26, splitLine: { show: false }, axisLine: { ...LINE, onZero: false },
        axisLabel: { ...TYPE, fontSize: 12, hideOverlap: true, formatter: power } },
      yAxis: extra.log
        ? { type: "log", min: 0.8, axisLabel: { ...TYPE, fontSize: 12, formatter: (y) => (y < 1 ? "" : count(y)) }, splitLine: LINE }
        : { type: "value", min: 0, minInterval: 1, axisLabel: { ...TYPE, fontSize: 12 }, splitLine: LINE, splitNumber: 3 },
      tooltip: { trigger: "item", renderMode: "richText", formatter: (item) => `${extra.range(item.data.bin)}  ${count(item.value[1])}` },
      series: [{ type: "custom", encode: { x: 0, y: 1 }, data: bins.map(([bin, n]) => ({ value: [(bin + extra.shift) / per, n], bin, itemStyle: { color: extra.tone(bin) } })),
        renderItem: (_, api) => {
          const [x, y] = api.coord([api.value(0), api.value(1)]), base = api.coord([api.value(0), extra.log ? 0.8 : 0])[1];
          const wide = Math.max(1, api.size([1 / per, 0])[0] - 1);
          return { type: "rect", shape: { x: x - wide / 2, y, width: wide, height: Math.max(1, base - y) }, style: api.style() };
        },
        markLine: extra.lines ? { symbol: "none", silent: true, lineStyle: { color: "#1a1f2b", type: "solid", width: 1 }, data: extra.lines } : undefined }],
    });
  }
  function drawCharts() {
    for (let i = charts.length - 1; i >= 0; i--) if (!charts[i].getDom().isConnected) charts.splice(i, 1)[0].dispose();
    const has = (id) => charts.some((each) => each.getDom().id === id);
    const column = chosen().columns.find((each) => each.id === state.column);
    if (column && column.figures && column.figures.sizes.length && !has("sizes")) {
      bars("sizes", 180, say("p_sizes"), column.figures.sizes, 4, { shift: 0.5, tone: () => "#1f5aa8",
        range: (bin) => `${number(Math.pow(10, bin / 4))}—${number(Math.pow(10, (bin + 1) / 4))} ${column.unit || ""}` });
    }
    data.agreements.forEach((each, i) => {
      if (!each.ratios.length || has("ratio-" + i)) return;
      bars("ratio-" + i, 220, say("p_ratio"), each.ratios, 20, { shift: 0, min: -1, max: 1, top: 28, log: true, name: say("p_ratio") + " · " + say("p_ratio_rows"),
        tone: (bin) => (Math.abs(bin) >= 18 ? "#b3261e" : Math.abs(bin) >= 6 ? "#b7791f" : "#1f5aa8"),
        range: (bin) => number(Math.pow(10, (bin - 0.5) / 20)) + "—" + number(Math.pow(10, (bin + 0.5) / 20)),
        lines: [{ xAxis: 0, label: { formatter: "= 1", position: "end", color: TYPE.color, fontSize: 12 } }] });
    });
  }

  /* ---- moving about ---- */

  function redraw(id, make) {
    const focused = document.activeElement && document.activeElement.textContent;
    byId(id).replaceWith(make());
    drawCharts();
    watch();
    // A switch redraws its own section: keep the keyboard where it was.
    const again = [...byId(id).querySelectorAll("button, select")].find((each) => each.textContent === focused);
    if (again) again.focus({ preventScroll: true });
  }
  async function start() {
    if (typeof DecompressionStream === "undefined") {
      byId("waiting").textContent = byId("waiting").dataset.tooOld;
      return;
    }
    data = await page.unpack();
    byId("data").remove();
    const wanted = decodeURIComponent(location.hash.slice(1));
    draw();
    if (data.datasets.some((each) => each.id === wanted)) open(wanted);
    else if (SECTIONS.includes(wanted)) byId(wanted).scrollIntoView();
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  }
  start();
})();
