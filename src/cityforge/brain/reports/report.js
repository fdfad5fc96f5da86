/* The page of one snapshot. It draws what Python computed; it computes no figure of its own except
   the distance to the next grade, by the same lines as words.py (a browser test holds them equal).
   Every text from outside reaches the page as a text node: never as HTML. */
(function () {
  const {
    LATIN, say, pick, fixed, number, quantity, unitOf, trim, count, percent, h, byId, badge, section, select, table,
    download, languages, charts, TYPE, LINE, chart, watch,
  } = page;
  const state = Object.assign(page.state, { scheme: 0, metric: "median", group: -1, filters: fresh(), open: null });
  let data, scheme, found = [];

  function fresh() {
    return { search: "", district: "", part: "", grade: "", industry: "", sort: "total", down: true, page: 0 };
  }

  /* ---- grades: blue to brown, told apart by shade, letter and (the worst) hatching ---- */

  const SHADES = [["#1f5aa8", "#ffffff"], ["#8db4de", "#1a1f2b"], ["#e8dcbf", "#1a1f2b"], ["#8a4b1c", "#ffffff"]];
  function shade(grade) {
    const at = scheme.grades.findIndex((each) => each.grade === grade);
    if (at < 0) return ["#ffffff", "#1a1f2b"];
    const last = scheme.grades.length - 1;
    return SHADES[last ? Math.round((at * (SHADES.length - 1)) / last) : 0];
  }
  const isWorst = (grade) => scheme.grades.length > 1 && scheme.grades[scheme.grades.length - 1].grade === grade;
  function painted(tag, grade, props, ...children) {
    const [back, ink] = shade(grade);
    return h(tag + (isWorst(grade) ? ".worst" : ""), { "--g": back, "--gi": ink, ...props }, ...children);
  }
  function chip(grade) {
    if (scheme.grades.some((each) => each.grade === grade)) return painted("span.grade", grade, {}, grade);
    return h("span.grade.bare", {}, grade);
  }
  function mini(grades) {
    return h("span.mini", { "aria-hidden": "true" }, scheme.grades.filter((each) => grades[each.grade]).map((each) =>
      painted("i", each.grade, { style: { flexGrow: grades[each.grade] } })));
  }

  /* ---- columns of enterprises ---- */

  const at = (column, i) => (Array.isArray(column) ? column[i] : column.d[column.i[i]]);
  const own = (name, i) => at(data.enterprises.columns[name], i);
  const cell = (name, i) => at(scheme.rows[name], i);
  const before = (name, i) => at(scheme.before[name], i);
  const size = () => (Array.isArray(data.enterprises.columns.uscc)
    ? data.enterprises.columns.uscc.length : data.enterprises.columns.uscc.i.length);
  const partOf = (i) => scheme.parts.find((part) => part.id === cell("part", i));
  const districtOf = (id) => scheme.districts.find((district) => district.id === id);
  const districtName = (id) => { const one = districtOf(id); return one ? pick(one.title) : say("elsewhere"); };
  const groupTitle = (group) => pick(group.title);
  function headline() {
    for (const part of scheme.parts) {
      const one = part.indicators.find((each) => each.id === scheme.headline);
      if (one) return one;
    }
    return null;
  }
  function statusChip(i) {
    const status = cell("status", i);
    if (status === "rated") return chip(cell("grade", i));
    if (status === "exempt") return h("span.grade.bare", {}, "T");
    return h("span.quiet.small", {}, status ? "○ " + say(status) : "—");
  }

  /* ---- the page ---- */

  const SECTIONS = ["overview", "districts", "scores", "moves", "quarantine", "enterprises", "basis"];

  function draw() {
    scheme = data.schemes[state.scheme];
    document.documentElement.lang = state.language === LATIN ? "en" : "zh-CN";
    document.title = title();
    charts.forEach((chart) => chart.dispose());
    charts.length = 0;
    const scroll = window.scrollY;
    const page = byId("page");
    if (!scheme) {
      page.replaceChildren(head(), h("main.wide", {}, quarantine()));
      return;
    }
    page.replaceChildren(
      h("p.print-mark", {}, data.run.simulated ? "▲ " + say("simulated") : ""),
      head(), menu(),
      h("main.wide", {}, overview(), districts(), scores(), moves(), quarantine(), enterprises(), basis()),
      h("footer.wide.quiet.small", {}, say("credits")),
      h("dialog", { id: "enterprise", "aria-labelledby": "enterprise-name", onclose: closed,
        onclick: (event) => { if (event.target.id === "enterprise") event.target.close(); } }));
    window.scrollTo(0, scroll);
    list();
    drawCharts();
    watch();
    if (state.open !== null) show(state.open);
  }
  const title = () => (state.language === LATIN
    ? `${pick(data.city)} ${data.run.year}: ${say("report")}`
    : `${pick(data.city)} ${say("year_n", { year: data.run.year })}${say("report")}`);

  function head() {
    const fact = (name, value) => h("span", {}, say(name) + " ", h("strong", {}, value));
    const schemes = data.schemes.length > 1
      ? select(say("scheme"), String(state.scheme), data.schemes.map((each, i) => [String(i), pick(each.title)]),
        (value) => { state.scheme = Number(value); state.group = -1; state.filters = fresh(); draw(); }, { id: "scheme" })
      : null;
    return h("header.top", {}, h("div.wide", {},
      h("div.title", {},
        h("h1", {}, title(), " ", badge()),
        scheme ? h("p", {}, pick(scheme.title)) : null,
        h("p.facts.quiet", {}, fact("year", data.run.year), fact("as_of", data.run.as_of), fact("run", data.run.run_id)),
        data.run.simulated ? h("p.quiet", {}, say("simulated_note")) : null),
      h("div.tools", {}, schemes, languages(draw),
        h("button.print", { type: "button", onclick: () => window.print() }, say("print")))));
  }
  function menu() {
    return h("nav.menu", { "aria-label": say("sections") }, h("div.wide", {},
      h("ul", {}, SECTIONS.map((id) => h("li", {}, h("a", { href: "#" + id, "data-to": id }, say("nav_" + id))))),
      badge()));
  }

  function overview() {
    const status = (name) => scheme.statuses[name] || 0;
    const read = sum(data.datasets, "read"), held = sum(data.datasets, "quarantined");
    const all = Object.values(scheme.statuses).reduce((a, b) => a + b, 0);
    const one = headline();
    const figure = (name, value, unit, note) => h("div", {}, h("dt", {}, name),
      h("dd.big", {}, value, unit ? h("small", {}, unit) : null), h("dd.quiet.small", {}, note));
    const unit = say("unit_enterprises");
    return h("section", { id: "overview", "aria-label": say("nav_overview") },
      h("p.sentence", {}, pick(scheme.sentence)),
      h("dl.figures", {},
        figure(say("rated"), count(status("rated")), unit, say("kpi_rated_note", { share: percent(status("rated"), all) })),
        figure(say("kpi_median", { indicator: one.title }), scheme.median === null ? "—" : number(scheme.median), unitOf(one),
          scheme.median_before === null ? " " : say("kpi_median_note", { value: quantity(scheme.median_before, unitOf(one)) })),
        figure(say("exempt"), count(status("exempt")), unit, say("kpi_exempt_note")),
        figure(say("undetermined"), count(status("undetermined")), unit, say("kpi_undetermined_note")),
        figure(say("quarantined"), count(held), say("unit_rows"),
          say("kpi_quarantined_note", { read: count(read), share: percent(held, read) }))),
      status("rated") ? strip(total()) : null);
  }
  const sum = (rows, name) => rows.reduce((all, row) => all + row[name], 0);
  function total() {
    const grades = {};
    for (const each of scheme.grades) grades[each.grade] = scheme.districts.reduce((all, one) => all + one.grades[each.grade], 0);
    return grades;
  }
  function strip(grades) {
    const all = Object.values(grades).reduce((a, b) => a + b, 0);
    return h("div.strip", { role: "img", "aria-label": say("grades_of_rated") + ": " + scheme.grades.map((each) =>
      each.grade + " " + grades[each.grade]).join(", ") },
    scheme.grades.filter((each) => grades[each.grade]).map((each) => {
      const share = grades[each.grade] / all;
      return painted(share < 0.1 ? "div.thin" : "div", each.grade, { style: { flex: `${grades[each.grade]} 1 28px` } },
        h("span", {}, h("strong", {}, each.grade), share < 0.1 ? "" : count(grades[each.grade])),
        share < 0.1 ? h("small", {}, count(grades[each.grade]))
          : h("small", {}, percent(grades[each.grade], all), each.title && share > 0.15 ? h("span.kind", {}, " · " + each.title) : null));
    }));
  }

  /* ---- districts ---- */

  const BLUES = [["#eef4fb", "#1a1f2b"], ["#c9dcf1", "#1a1f2b"], ["#94b8e0", "#1a1f2b"], ["#3f77bd", "#ffffff"], ["#1f4f94", "#ffffff"]];

  function districts() {
    const one = headline();
    return section("districts", say("districts_title"),
      scheme.by_district ? say("districts_note_grouped", { indicator: say("metric_median", { indicator: one.title }) }) : null,
      h("div.columns", {},
        h("div", {}, h("div.head", {}, h("h3", {}, say("tiles_title")), metricSwitch()), tiles()),
        h("div", {}, h("h3", {}, say("bars_title")),
          rated() ? h("figure", {}, h("div.chart", { id: "bars" })) : empty(say("no_rated")))),
      districtTable());
  }
  const rated = () => scheme.statuses.rated || 0;
  const empty = (words) => h("p.empty", {}, words);
  function metricSwitch() {
    const first = scheme.grades[0].grade, last = scheme.grades[scheme.grades.length - 1].grade;
    const choices = [["median", say("metric_median", { indicator: headline().title })],
      [first, say("metric_share", { grade: first })], [last, say("metric_share", { grade: last })]];
    return h("div.segments.no-print", { role: "group", "aria-label": say("tiles_by") }, choices.map(([id, text]) =>
      h("button", { type: "button", "aria-pressed": String(state.metric === id),
        onclick: () => { state.metric = id; redraw("districts", districts); } }, text)));
  }
  function metric(district) {
    if (state.metric === "median") return district.median;
    return district.rated ? (100 * district.grades[state.metric]) / district.rated : null;
  }
  function tiles() {
    const unit = state.metric === "median" ? unitOf(headline()) : "%";
    const values = scheme.districts.map(metric).filter((value) => value !== null);
    const low = Math.min(...values), high = Math.max(...values);
    const tone = (value) => (value === null ? ["#ffffff", "#1a1f2b"]
      : BLUES[high > low ? Math.min(4, Math.floor((5 * (value - low)) / (high - low))) : 1]);
    const top = Math.min(...scheme.districts.map((each) => each.tile[0]));
    const left = Math.min(...scheme.districts.map((each) => each.tile[1]));
    const wide = Math.max(...scheme.districts.map((each) => each.tile[1])) - left + 1;
    const grid = h("ul.tiles", { style: { gridTemplateColumns: `repeat(${Math.max(wide, 2)}, minmax(0, 1fr))` } },
      scheme.districts.map((district) => {
        const value = metric(district), [back, ink] = tone(value);
        return h("li", { style: { gridRow: district.tile[0] - top + 1, gridColumn: district.tile[1] - left + 1 } },
          h("button", { type: "button", "--t": back, "--ti": ink,
            onclick: () => { state.filters = { ...fresh(), district: district.id }; redraw("enterprises", enterprises); list(); go("enterprises"); } },
          h("span.name", {}, state.language === LATIN ? pick(district.title) : district.short),
          h("span.value", {}, value === null ? "○ " + say("no_data") : unit === "%" ? fixed(value, 1) + "%" : number(value)),
          mini(district.grades),
          h("span.counts", {}, scheme.grades.map((each) => h("span", {}, each.grade + " " + count(district.grades[each.grade]))))));
      }));
    const name = state.metric === "median" ? say("metric_median", { indicator: headline().title }) + (unit ? `（${unit}）` : "")
      : say("metric_share", { grade: state.metric });
    const end = (value) => (values.length ? (unit === "%" ? fixed(value, 1) + "%" : number(value)) : "");
    return h("div", {}, grid,
      h("p.scale", {}, h("span", {}, name), h("span", {}, say("low") + " " + end(low)),
        h("span", { "aria-hidden": "true" }, BLUES.map(([back]) => h("i", { style: { background: back } }))),
        h("span", {}, end(high) + " " + say("high"))),
      h("p.quiet.small", {}, say("tiles_note")));
  }
  function districtTable() {
    const one = headline();
    const names = scheme.grades.map((each) => each.grade);
    const titles = [say("district"), ...names, "T", say("rated"), say("metric_median", { indicator: one.title }) + (unitOf(one) ? `（${unitOf(one)}）` : "")];
    const rows = scheme.districts.map((each) => [pick(each.title), ...names.map((grade) => each.grades[grade]), each.grades.T, each.rated, each.median]);
    const totals = titles.slice(1, -1).map((_, i) => rows.reduce((all, row) => all + row[i + 1], 0));
    rows.push([say("total_count"), ...totals, scheme.median]);
    const shown = rows.map((row) => row.map((value, i) => (i === 0 ? value : i === row.length - 1 ? (value === null ? "—" : number(value)) : count(value))));
    return h("details", {}, h("summary", {}, say("as_table")),
      table(titles.map((each, i) => [each, i > 0]), shown, { label: say("districts_title") }),
      download("districts", titles, () => rows));
  }

  /* ---- scores ---- */

  function scores() {
    if (!rated()) return section("scores", say("scores_title"), null, empty(say("no_rated")));
    const options = [["-1", say("all_groups")], ...scheme.groups.map((group, i) => [String(i), groupTitle(group)])];
    const shown = scheme.histograms.filter((each) => state.group < 0 || String(state.group) in each.counts);
    return section("scores", say("scores_title"), say("scores_note"),
      h("div.filters.no-print", {}, select(say("group"), String(state.group), options,
        (value) => { state.group = Number(value); redraw("scores", scores); }, { id: "group" })),
      h("div" + (shown.length > 1 ? ".columns" : ""), {}, shown.map((each) =>
        h("figure", {}, h("h3", {}, state.group < 0 ? pick(each.title) : groupTitle(scheme.groups[state.group])),
          h("div.chart", { id: "scores-" + each.part }),
          h("p.quiet.small", {}, say("scores_tail", { from: trim(each.edges[each.edges.length - 1]) }))))),
      limits());
  }
  function limits() {
    const titles = [say("group"), say("rated"), ...scheme.grades.map((each) => each.grade)];
    const rows = scheme.groups.map((group) => [groupTitle(group), group.ranked, ...group.bands.map((band) => band.low)]);
    const shown = rows.map((row) => row.map((value, i) => (i === 0 ? value : i === 1 ? count(value) : value === null ? "—" : fixed(value, 2))));
    return h("details", {}, h("summary", {}, say("limits_title")),
      table(titles.map((each, i) => [each, i > 0]), shown, { label: say("limits_title") }), download("limits", titles, () => rows));
  }

  /* ---- moves ---- */

  function moves() {
    const years = { before: data.run.year - 1, after: data.run.year };
    if (!scheme.moves) return section("moves", say("moves_title"), null, empty(say("moves_none", years)));
    return section("moves", say("moves_title"), say("moves_note", years),
      h("div.columns", {}, h("div", {}, matrix(), tally()),
        h("figure", {}, h("h3", {}, say("flow_title", years)), h("div.chart", { id: "flow" }))),
      h("div.columns.movers", {}, h("div", {}, movers("climbers", "↑", "up")), h("div", {}, movers("fallers", "↓", "down"))));
  }
  function matrix() {
    const names = [...scheme.grades.map((each) => each.grade), "-"];
    const cells = {};
    for (const [from, to, n] of scheme.moves.matrix) cells[from + ">" + to] = n;
    const most = Math.max(1, ...scheme.moves.matrix.filter(([from, to]) => from !== "-" && to !== "-").map((each) => each[2]));
    const label = (grade) => (grade === "-" ? h("span.small", {}, say("not_rated")) : chip(grade));
    const head = h("tr", {}, h("td", { style: { background: "none" } }, h("span.quiet.small", {}, `${data.run.year - 1} → ${data.run.year}`)),
      names.map((to) => h("th", { scope: "col" }, label(to))));
    const body = names.map((from) => h("tr", {}, h("th", { scope: "row" }, label(from)), names.map((to) => {
      const n = cells[from + ">" + to] || 0;
      if (from === "-" && to === "-") return h("td", { style: { background: "none" } });
      // Never so deep that dark figures lose their contrast.
      const depth = from === "-" || to === "-" || !n ? 0 : 0.06 + (0.44 * n) / most;
      return h("td" + (from === to ? ".same" : ""), { "--m": depth ? `rgba(31, 90, 168, ${depth})` : null },
        n ? count(n) : h("span.quiet", {}, "0"));
    })));
    const titles = [say("last_year"), ...names];
    return h("div", {}, h("div.box", { tabindex: "0", role: "group", "aria-label": say("moves_title") },
      h("table.matrix", {}, h("thead", {}, head), h("tbody", {}, body))),
    h("p", { style: { marginTop: "8px" } }, download("moves", titles, () => names.map((from) => [from, ...names.map((to) => cells[from + ">" + to] || 0)]))));
  }
  function tally() {
    let same = 0, fresh = 0, gone = 0;
    for (const [from, to, n] of scheme.moves.matrix) {
      if (from === "-") fresh += n;
      else if (to === "-") gone += n;
      else if (from === to) same += n;
    }
    const one = (mark, name, n) => h("span", {}, mark + " " + say(name) + " ", h("b", {}, count(n)));
    return h("p.tally", {}, one("↑", "went_up", scheme.moves.up), one("↓", "went_down", scheme.moves.down),
      one("→", "stayed", same), one("+", "newly", fresh), one("−", "left", gone));
  }
  function movers(which, mark, word) {
    const rows = scheme.moves[which];
    return [h("h3", {}, mark + " " + say(which)), rows.length ? h("ol", {}, rows.map((each) => h("li", {},
      h("button.link", { type: "button", onclick: () => openCode(each.uscc) }, each.name),
      h("span", {}, chip(each.before), " → ", chip(each.after)),
      h("p.quiet.small", {}, districtName(each.district) + " · " + mark + " " + say(word) + " " +
        say("move_rank", { before: fixed(each.share_before, 0), after: fixed(each.share_after, 0) }) + " · " + pick(each.reason)))))
      : empty(say("no_" + which))];
  }

  /* ---- what came in, what was held back ---- */

  function quarantine() {
    const titles = [say("dataset"), say("owner"), say("file"), say("read"), say("accepted"), say("quarantined")];
    const rows = data.datasets.map((each) => [pick(each.title), each.owner, each.file, each.read, each.accepted, each.quarantined]);
    const shown = data.datasets.map((each, i) => [
      ...rows[i].slice(0, 3), ...rows[i].slice(3).map(count),
      each.balanced ? h("span.light-ok", {}, "● " + say("balance_ok")) : h("span.light-off", {}, "■ " + say("balance_off"))]);
    return section("quarantine", say("quarantine_title"), say("quarantine_note"),
      table([...titles.map((each, i) => [each, i > 2]), [say("balanced")]], shown, { cards: true, label: say("quarantine_title") }),
      h("p", { style: { marginTop: "8px" } }, download("intake", titles, () => rows)),
      data.by_name.length ? byName() : null,
      data.quarantine.total ? [reasons(), quarantineRows()] : h("p.empty", { style: { marginTop: "16px" } }, "● " + say("quarantine_none")));
  }
  function byName() {
    const titles = [[say("dataset")], [say("rung")], [say("rows"), true]];
    const rows = data.by_name.map((each) => [pick(each.dataset), pick(each.rung), count(each.rows)]);
    return h("div", { id: "by-name", style: { marginTop: "24px" } }, h("h3", {}, say("by_name_title")),
      h("p.quiet.small", {}, say("by_name_note")), table(titles, rows, { cards: true, label: say("by_name_title") }));
  }
  function reasons() {
    const rows = data.datasets.flatMap((each) => each.reasons.map(([text, n]) => [each, text, n]));
    rows.sort((a, b) => b[2] - a[2]);
    const most = rows.length ? rows[0][2] : 1;
    return h("div", { style: { marginTop: "24px" } }, h("h3", {}, say("reasons")), h("ul.reasons", {}, rows.slice(0, 12).map(([each, text, n]) =>
      h("li", {}, h("span", {}, pick(each.title) + "：" + pick(text)),
        h("span.bar", { "aria-hidden": "true" }, h("i", { style: { width: (100 * n) / most + "%" } })), h("span.number", {}, count(n))))));
  }
  function quarantineRows() {
    const titles = ["dataset", "file", "row", "column", "value", "reason"].map((key) => say(key));
    const rows = data.quarantine.rows.map((each) => {
      const known = data.datasets.find((one) => one.id === each.dataset);
      return [known ? pick(known.title) : each.title, each.file, each.row, each.column || "", each.value === null ? "" : each.value,
        state.language === LATIN ? each.reason_en : each.reason_zh];
    });
    return h("details", {}, h("summary", {}, say("quarantine_rows")),
      h("p.quiet.small", {}, say("quarantine_first", { shown: count(rows.length), total: count(data.quarantine.total) })),
      table(titles.map((each, i) => [each, i === 2]), rows, { cards: true, label: say("quarantine_rows") }),
      download("quarantine", titles, () => rows));
  }

  /* ---- enterprises ---- */

  const SHOWN = 25;

  function enterprises() {
    const f = state.filters, every = ["", say("all")];
    const set = (name) => (value) => { f[name] = value; f.page = 0; list(); };
    const grades = [every, ...scheme.grades.map((each) => [each.grade, each.title ? `${each.grade} ${each.title}` : each.grade]),
      ["T", say("exempt")], ["undetermined", say("undetermined")], ["outside", say("outside")]];
    const industries = Object.entries(data.industries).map(([code, name]) => [code, code + " " + name]);
    const sorts = [["total", say("score")], ["share", say("rank")], ["name", say("name")], ["headline", pick(headline().title)]];
    let waiting;
    const cut = data.enterprises.total > size();
    return section("enterprises", say("enterprises_title"), say("enterprises_note"),
      cut ? h("p.empty", {}, say("enterprises_cut", { limit: count(data.enterprises.limit), shown: count(size()), total: count(data.enterprises.total) })) : null,
      h("div.filters", { role: "search" },
        h("label.field.search", {}, say("search"), h("input", { type: "search", id: "search", value: f.search, autocomplete: "off",
          oninput: (event) => { clearTimeout(waiting); waiting = setTimeout(() => set("search")(event.target.value), 120); } })),
        select(say("district"), f.district, [every, ...scheme.districts.map((each) => [each.id, pick(each.title)])], set("district"), { id: "by-district" }),
        scheme.parts.length > 1 ? select(say("part"), f.part, [every, ...scheme.parts.map((each) => [each.id, pick(each.title)])], set("part"), { id: "by-part" }) : null,
        select(say("grade"), f.grade, grades, set("grade"), { id: "by-grade" }),
        select(say("industry"), f.industry, [every, ...industries], set("industry"), { id: "by-industry" }),
        select(say("sort_by"), f.sort, sorts, (value) => { f.sort = value; f.down = value === "total" || value === "headline"; f.page = 0; list(); }, { id: "sort" })),
      h("div", { id: "list" }));
  }
  const share = (i) => (cell("rank", i) === null ? null : cell("rank", i) / cell("ranked", i));
  const KEYS = {
    total: (i) => cell("total", i), share, name: (i) => own("name", i),
    headline: (i) => cell("value_" + scheme.headline, i),
  };
  function select_() {
    const f = state.filters, wanted = f.search.trim().toLowerCase();
    const chosen = [];
    for (let i = 0, n = size(); i < n; i++) {
      if (f.district !== "" && own("district", i) !== f.district) continue;
      if (f.part && cell("part", i) !== f.part) continue;
      if (f.industry && own("industry", i) !== f.industry) continue;
      if (f.grade) {
        const status = cell("status", i);
        const mine = status === "rated" ? cell("grade", i) : status === "exempt" ? "T" : status;
        if (mine !== f.grade) continue;
      }
      if (wanted && !String(own("name", i)).toLowerCase().includes(wanted) && !own("uscc", i).toLowerCase().includes(wanted)) continue;
      chosen.push(i);
    }
    const key = KEYS[f.sort], sign = f.down ? -1 : 1, keys = new Map(chosen.map((i) => [i, key(i)]));
    const words = new Intl.Collator("zh-CN");
    return chosen.sort((a, b) => {
      const x = keys.get(a), y = keys.get(b);
      if (x === y) return a - b;
      if (x === null) return 1;
      if (y === null) return -1;
      return sign * (typeof x === "string" ? words.compare(x, y) : x - y) || a - b;
    });
  }
  function list() {
    found = select_();
    const f = state.filters, pages = Math.max(1, Math.ceil(found.length / SHOWN));
    f.page = Math.min(f.page, pages - 1);
    const shown = found.slice(f.page * SHOWN, (f.page + 1) * SHOWN);
    const one = headline();
    const unit = unitOf(one) ? `（${unitOf(one)}）` : "";
    const titles = [[say("name"), "name"], [say("district")], scheme.parts.length > 1 ? [say("part")] : null, [say("industry")],
      [pick(one.title) + unit, "headline", true], [say("score"), "total", true], [say("rank"), "share", true], [say("grade")], [say("last_year")]].filter(Boolean);
    const head = titles.map(([text, key, figures]) => h("th" + (figures ? ".number" : ""), {
      scope: "col", "aria-sort": key && f.sort === key ? (f.down ? "descending" : "ascending") : null,
    }, key ? h("button.plain", { type: "button", onclick: () => {
      if (f.sort === key) f.down = !f.down; else { f.sort = key; f.down = Boolean(figures) && key !== "share"; }
      f.page = 0;
      const menu = byId("sort");
      if (menu) menu.value = key;
      list();
    } }, text + (f.sort === key ? (f.down ? " ↓" : " ↑") : "")) : text));
    const turn = (step) => () => { f.page += step; list(); byId("enterprises").scrollIntoView(); };
    byId("list").replaceChildren(
      h("div.head", {}, h("p.quiet", { "aria-live": "polite" }, say("found", { count: count(found.length) })),
        h("span", {}, h("button", { type: "button", style: { marginRight: "8px" }, onclick: () => { state.filters = fresh(); redraw("enterprises", enterprises); list(); } }, say("clear")),
          enterpriseCsv())),
      found.length ? h("div.box", {}, h("table.cards", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, shown.map((i) => row(i, titles))))) : empty(say("found_none")),
      found.length > SHOWN ? h("div.pages", {},
        h("button", { type: "button", disabled: f.page === 0, onclick: turn(-1) }, say("previous")),
        h("span.quiet", {}, say("page_of", { page: f.page + 1, pages })),
        h("button", { type: "button", disabled: f.page === pages - 1, onclick: turn(1) }, say("next"))) : "");
  }
  function row(i, titles) {
    const part = partOf(i), code = own("industry", i), value = cell("value_" + scheme.headline, i);
    const old = before("grade", i), year = before("status", i);
    const cells = [
      h("td.whole", {}, h("button.link", { type: "button", onclick: () => show(i) }, own("name", i)), h("div.code", {}, own("uscc", i))),
      h("td", {}, districtName(own("district", i))),
      scheme.parts.length > 1 ? h("td", {}, part ? pick(part.title) : "—") : null,
      h("td", {}, code ? data.industries[code] : "—"),
      h("td.number", {}, value === null ? "—" : number(value)),
      h("td.number", {}, cell("total", i) === null ? "—" : fixed(cell("total", i), 2)),
      h("td.number", {}, cell("rank", i) === null ? "—" : `${count(cell("rank", i))} / ${count(cell("ranked", i))}`),
      h("td", {}, statusChip(i)),
      h("td", {}, year === "rated" ? [chip(old), " ", change(old, cell("grade", i))] : h("span.quiet", {}, "—")),
    ].filter(Boolean);
    cells.forEach((each, k) => each.setAttribute("data-name", titles[k][0]));
    return h("tr", {}, cells);
  }
  const place = (grade) => scheme.grades.findIndex((each) => each.grade === grade);
  function change(old, now) {
    if (old === null || now === null) return null;
    const step = Math.sign(place(old) - place(now));
    return h("span.quiet.small", {}, step > 0 ? "↑ " + say("up") : step < 0 ? "↓ " + say("down") : "→ " + say("same"));
  }
  function enterpriseCsv() {
    const indicators = [...new Map(scheme.parts.flatMap((part) => part.indicators).map((each) => [each.id, each])).values()];
    const titles = [say("code"), say("name"), say("district"), say("part"), say("industry"), say("status"),
      ...indicators.flatMap((each) => [pick(each.title), say("base"), say("points")]), say("score"), say("rank"), say("total_count"), say("grade"), say("last_year"), say("reason")];
    return download("enterprises", titles, () => found.map((i) => [own("uscc", i), own("name", i), districtName(own("district", i)),
      partOf(i) ? pick(partOf(i).title) : "", own("industry", i), cell("status", i) ? say(cell("status", i)) : "",
      ...indicators.flatMap((each) => [cell("value_" + each.id, i), cell("base_" + each.id, i), cell("points_" + each.id, i)]),
      cell("total", i), cell("rank", i), cell("ranked", i), cell("status", i) === "exempt" ? "T" : cell("grade", i), before("grade", i), reason(i)]));
  }
  const reason = (i) => (state.language === LATIN ? cell("reason_en", i) || cell("reason", i) : cell("reason", i));

  /* ---- one enterprise ---- */

  function openCode(code) {
    const codes = data.enterprises.columns.uscc;
    const i = Array.isArray(codes) ? codes.indexOf(code) : -1;
    if (i >= 0) show(i);
  }
  function show(i) {
    state.open = i;
    const dialog = byId("enterprise"), part = partOf(i), code = own("industry", i);
    const isRated = cell("status", i) === "rated";
    dialog.replaceChildren(
      h("div.bar-top", {}, h("div", {}, h("h2", { id: "enterprise-name" }, own("name", i)), h("p.code", {}, own("uscc", i)),
        h("p.quiet", {}, [districtName(own("district", i)), part ? pick(part.title) : null, code ? data.industries[code] : null].filter(Boolean).join(" · ")), badge()),
      h("button", { type: "button", onclick: () => dialog.close() }, say("close"))),
      h("div.body", {}, verdict(i),
        isRated ? h("div", {}, h("h3", {}, say("where_title")), position(i)) : null,
        isRated ? h("div", {}, h("h3", {}, say("points_title")), points(i, part)) : null,
        h("div.words", {}, h("h3", {}, say("in_words")), lines(i).map((line) => h("p" + (line.startsWith("·") ? ".item" : ""), {}, line)))));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    history.replaceState(null, "", "#" + own("uscc", i));
  }
  function closed() {
    state.open = null;
    history.replaceState(null, "", "#enterprises");
  }
  function verdict(i) {
    if (cell("status", i) !== "rated") return h("div.verdict", {}, statusChip(i), reason(i) ? h("p", {}, reason(i)) : null);
    const old = before("status", i) === "rated" ? before("grade", i) : null;
    const mine = scheme.grades[place(cell("grade", i))];
    return h("div.verdict", {}, chip(cell("grade", i)), h("div", {},
      h("p.big", {}, fixed(cell("total", i), 2), h("span.quiet", {}, " " + say("score"))),
      h("p.quiet", {}, [mine.title, say("place_of", { rank: count(cell("rank", i)), ranked: count(cell("ranked", i)) })].filter(Boolean).join(" · "),
        old ? [" · " + say("last_year") + " ", chip(old), " ", change(old, cell("grade", i))] : null)));
  }
  function position(i) {
    const group = scheme.groups[cell("group", i)];
    const spot = (100 * (cell("rank", i) - 0.5)) / group.ranked;
    const side = spot < 15 ? ".left" : spot > 85 ? ".right" : "";
    return h("div", {}, h("div.place", {},
      h("span.mark" + side, { style: { left: spot + "%" } }, say("place_of", { rank: count(cell("rank", i)), ranked: count(group.ranked) })),
      h("span.tick", { style: { left: spot + "%" }, "aria-hidden": "true" }),
      h("div.strip", { "aria-hidden": "true", style: { gap: "0" } }, group.bands.filter((band) => band.count).map((band) =>
        painted(band.count / group.ranked < 0.08 ? "div.thin" : "div", band.grade, { style: { flex: `${band.count} 1 0` } }, band.grade)))),
    h("p.quiet.small", { style: { marginTop: "8px" } }, groupTitle(group)));
  }
  function points(i, part) {
    const most = Math.max(...part.indicators.map((each) => Math.max(Number(each.weight), cell("points_" + each.id, i) || 0)));
    return h("ul.points", {}, part.indicators.map((each) => {
      const got = cell("points_" + each.id, i), how = cell("how_" + each.id, i);
      const value = cell("value_" + each.id, i), base = cell("base_" + each.id, i);
      return h("li", {},
        h("div.line", {}, h("span", {}, pick(each.title)), h("strong.number", {}, got === null ? "—" : fixed(got, 2), h("span.quiet", {}, " / " + each.weight))),
        h("div.track", { "aria-hidden": "true" }, h("i" + (how === "group_average" ? ".filled" : ""), { style: { width: (100 * Math.max(0, got || 0)) / most + "%" } }),
          h("b", { style: { left: (100 * Number(each.weight)) / most + "%" } })),
        h("p.quiet.small", {}, [value === null ? null : quantity(value, unitOf(each)), base === null ? null : say("base") + " " + quantity(base, unitOf(each)),
          how === "scored" ? null : say("how_" + (how || "none"))].filter(Boolean).join(" · ")));
    }));
  }

  /* The lines of words.py, from the same messages. */
  function lines(i) {
    const all = [], add = (key, values) => all.push(say(key, values || {}));
    if (data.run.simulated) add("x_simulated");
    const who = { name: own("name", i), uscc: own("uscc", i), year: data.run.year };
    if (cell("status", i) === "rated") {
      add("x_rated", { ...who, grade: cell("grade", i) });
      explainRated(i, add);
    } else if (cell("status", i)) add("x_" + cell("status", i), who);
    if (reason(i)) add("x_reason", { reason: reason(i) });
    const year = data.run.year - 1;
    if (before("status", i) === "rated") {
      add("x_before", { year, grade: before("grade", i), total: fixed(before("total", i), 2), rank: count(before("rank", i)), ranked: count(before("ranked", i)) });
    } else add("x_before_none", { year });
    add("x_scheme", { title: scheme.title, source: scheme.evidence.source, verified: say("verified_" + scheme.evidence.verified) });
    for (const text of scheme.assumptions) add("x_assumption", { text });
    add("x_run", { as_of: data.run.as_of, run: data.run.run_id });
    return all;
  }
  function explainRated(i, add) {
    const group = scheme.groups[cell("group", i)], part = partOf(i);
    add("x_rank", { total: fixed(cell("total", i), 2), group: group.title, ranked: count(cell("ranked", i)), rank: count(cell("rank", i)),
      share: fixed((100 * cell("rank", i)) / cell("ranked", i), 1) });
    for (const each of part.indicators) {
      const how = cell("how_" + each.id, i), got = cell("points_" + each.id, i);
      const value = cell("value_" + each.id, i), base = cell("base_" + each.id, i);
      add(how === null || got === null ? "x_none" : "x_" + how, { indicator: each.title, weight: each.weight,
        points: got === null ? "" : fixed(got, 2), value: value === null ? "" : quantity(value, unitOf(each)), base: base === null ? "" : quantity(base, unitOf(each)) });
    }
    const spot = place(cell("grade", i)), band = group.bands[spot];
    add("x_band", { grade: band.grade, first: count(band.first), last: count(band.last), count: count(band.count), low: fixed(band.low, 2), high: fixed(band.high, 2) });
    if (spot === 0) {
      const next = group.bands[1];
      if (next && next.high !== null) add("x_best_margin", { margin: fixed(cell("total", i) - next.high, 2) });
      else add("x_best");
      return;
    }
    const better = group.bands[spot - 1];
    if (better.low === null) { add("x_next_empty", { grade: better.grade }); return; }
    const distance = better.low - cell("total", i), last = count(better.last);
    if (distance <= 0) { add("x_next_tie", { grade: better.grade, last }); return; }
    add("x_next", { grade: better.grade, distance: fixed(distance, 2), last, low: fixed(better.low, 2) });
    const levers = part.indicators.map((each) => lever(i, each, distance)).filter(Boolean);
    if (levers.length) add("x_levers");
    for (const each of levers) add("x_lever", each);
  }
  function lever(i, each, distance) {
    if (cell("how_" + each.id, i) !== "scored" || each.direction !== "up") return null;
    const weight = Number(each.weight), needed = cell("points_" + each.id, i) + distance;
    const value = (needed * cell("base_" + each.id, i)) / weight, delta = value - cell("value_" + each.id, i);
    if (delta <= 0 || (scheme.cap !== null && needed > scheme.cap * weight)) return null;
    return { indicator: each.title, value: quantity(value, unitOf(each)), delta: quantity(delta, unitOf(each)) };
  }

  /* ---- basis ---- */

  function basis() {
    const e = scheme.evidence;
    const plain = (rows, none) => (rows.length ? h("ul.plain", {}, rows.map((each) => h("li", {}, each))) : h("p.quiet", {}, none));
    const indicators = scheme.parts.flatMap((part) => part.indicators.map((each) => [pick(part.title), pick(each.title), h("code", {}, each.expr), unitOf(each) || "—", each.weight]));
    const bands = scheme.grades.map((each) => [chip(each.grade), each.title || "—", say("band_range", each)]);
    const inputs = [[say("city_folder"), "city/", "", data.run.digests.city],
      ...Object.entries(data.run.digests.inputs).map(([id, each]) => [id, each.file, count(each.bytes), each.sha256])];
    const block = (name, ...inside) => h("div", {}, h("h3", {}, say(name)), inside);
    return section("basis", say("basis_title"), null, h("div.basis", {},
      h("div", {},
        block("evidence", h("p", {}, e.source), h("p.quiet", {}, (e.verified === "official" ? "● " : "▲ ") + say("verified_" + e.verified) +
          (e.document_number ? " · " + say("document_number") + " " + e.document_number : "")), e.note ? h("p.quiet", {}, e.note) : null),
        block("bands", table([[say("grade")], [""], [say("bands")]], bands, { label: say("bands") })),
        block("replay", h("p.quiet", {}, say("replay_note")), h("pre", {}, h("code", {}, "cityforge replay " + data.run.run_id)))),
      h("div", {},
        block("assumptions", plain(scheme.assumptions, say("no_assumptions"))),
        scheme.notes.length ? block("notes", plain(scheme.notes.map(pick), "")) : null,
        block("versions", h("p", {}, Object.entries(data.run.versions).map(([name, version]) => `${name} ${version}`).join(" · "))))),
    h("div", { style: { marginTop: "32px" } }, h("h3", {}, say("definitions")),
      table([[say("part")], [say("indicator")], [say("formula")], [say("unit")], [say("weight"), true]], indicators, { label: say("definitions") })),
    h("details", {}, h("summary", {}, say("digests")), table([[say("dataset")], [say("file")], ["B", true], ["SHA-256"]],
      inputs.map((each) => [...each.slice(0, 3), h("code", {}, each[3])]), { label: say("digests") })));
  }

  /* ---- charts ---- */

  function drawCharts() {
    for (let i = charts.length - 1; i >= 0; i--) if (!charts[i].getDom().isConnected) charts.splice(i, 1)[0].dispose();
    if (!rated()) return;
    if (!charts.some((each) => each.getDom().id === "bars")) bars();
    if (scheme.moves && !charts.some((each) => each.getDom().id === "flow")) flow();
    for (const each of scheme.histograms) if (!charts.some((one) => one.getDom().id === "scores-" + each.part)) histogram(each);
  }
  const style = (grade) => ({ color: shade(grade)[0], borderColor: "#fff", borderWidth: 1,
    decal: isWorst(grade) ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: "rgba(255,255,255,0.22)" } : null });

  function bars() {
    const rows = scheme.districts.filter((each) => each.rated);
    const most = Math.max(...rows.map((each) => each.rated));
    const width = byId("bars").clientWidth;
    chart("bars", 40 + rows.length * 52, say("bars_title"), {
      grid: { left: 8, right: 48, top: 4, bottom: 24, containLabel: true },
      xAxis: { type: "value", min: 0, axisLabel: TYPE, splitLine: LINE, minInterval: 1 },
      yAxis: { type: "category", inverse: true, data: rows.map((each) => (state.language === LATIN ? pick(each.title) : each.short)), axisLabel: TYPE, axisTick: { show: false }, axisLine: LINE },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", order: "seriesAsc" },
      series: scheme.grades.map((each, k) => ({
        name: each.grade, type: "bar", stack: "grades", barWidth: 28, itemStyle: style(each.grade),
        data: rows.map((row) => row.grades[each.grade]),
        label: { show: true, color: shade(each.grade)[1], fontSize: 12,
          formatter: (item) => ((item.value / most) * width * 0.72 > 44 ? `${each.grade} ${count(item.value)}` : (item.value / most) * width * 0.72 > 9 ? each.grade : "") },
        ...(k === scheme.grades.length - 1 ? { markPoint: { symbol: "rect", symbolSize: 0.01, silent: true, data: rows.map((row, y) => ({
          coord: [row.rated, y], value: row.rated, label: { show: true, position: "right", distance: 6, color: TYPE.color, fontSize: 13, formatter: count(row.rated) } })) } } : {}),
      })),
    });
  }
  function flow() {
    const years = { before: data.run.year - 1, after: data.run.year };
    const links = scheme.moves.matrix.filter(([from, to]) => from !== "-" && to !== "-");
    if (!links.length) return;
    const side = (which, of) => scheme.grades.filter((each) => links.some((link) => link[of] === each.grade)).map((each) => ({
      name: which + each.grade, depth: of, itemStyle: { ...style(each.grade), borderWidth: 0 },
      value: links.filter((link) => link[of] === each.grade).reduce((all, link) => all + link[2], 0) }));
    const label = (item) => `${item.name.slice(1)}  ${count(item.value)}`;
    chart("flow", 300, say("flow_title", years), {
      tooltip: { renderMode: "richText", formatter: (item) => (item.dataType === "edge"
        ? `${item.data.source.slice(1)} → ${item.data.target.slice(1)}  ${count(item.value)}` : label(item)) },
      series: [{ type: "sankey", left: 72, right: 72, top: 8, bottom: 8, nodeWidth: 16, nodeGap: 12, layoutIterations: 0, draggable: false,
        emphasis: { focus: "adjacency" }, lineStyle: { color: "source", opacity: 0.45 }, label: { ...TYPE, formatter: label },
        data: [...side("<", 0).map((node) => ({ ...node, label: { position: "left" } })), ...side(">", 1)],
        links: links.map(([from, to, n]) => ({ source: "<" + from, target: ">" + to, value: n })) }],
    });
  }
  function histogram(each) {
    const chosen = state.group < 0 ? Object.keys(each.counts) : [String(state.group)].filter((id) => id in each.counts);
    if (!chosen.length) return;
    const step = each.edges[1] - each.edges[0], last = each.edges[each.edges.length - 1];
    const stack = (grade) => each.edges.map((edge, k) => [edge + step / 2, chosen.reduce((all, id) => all + each.counts[id][grade][k], 0)]);
    const one = state.group >= 0 ? scheme.groups[state.group] : chosen.length === 1 ? scheme.groups[chosen[0]] : null;
    const lines = one ? one.bands.slice(0, -1).filter((band) => band.low !== null && band.low < last + step).map((band) => ({
      xAxis: band.low, label: { formatter: `${band.grade} ≥ ${fixed(band.low, 1)}`, position: "end", color: TYPE.color, fontSize: 12, rotate: 0 } })) : [];
    // Labels of limits that lie close are set on rising steps.
    lines.forEach((line, k) => { line.label.distance = [0, 4 + 16 * (lines.length - 1 - k)]; });
    chart("scores-" + each.part, 300, say("scores_title") + " " + pick(each.title), {
      grid: { left: 8, right: 16, top: 24 + 16 * Math.max(1, lines.length), bottom: 28, containLabel: true },
      xAxis: { type: "value", min: each.edges[0], max: last + step, name: say("score"), nameLocation: "middle", nameGap: 26,
        splitLine: { show: false }, axisLine: { ...LINE, onZero: false }, axisLabel: { ...TYPE, hideOverlap: true, formatter: (x) => (x > last ? "" : trim(x)) } },
      yAxis: { type: "value", min: 0, minInterval: 1, name: say("unit_enterprises"), nameTextStyle: { align: "right" }, axisLabel: TYPE, splitLine: LINE },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", formatter: (items) => {
        const from = each.edges[items[0].dataIndex];
        const range = from === last ? say("and_above", { from: trim(from) }) : `${trim(from)}—${trim(from + step)}`;
        return [say("score") + " " + range, ...items.filter((item) => item.value[1]).map((item) => `${item.seriesName}  ${count(item.value[1])}`)].join("\n");
      } },
      series: scheme.grades.map((band, k) => ({ name: band.grade, type: "bar", stack: "scores", barCategoryGap: "6%", itemStyle: { ...style(band.grade), borderWidth: 0 }, data: stack(band.grade),
        ...(k === 0 && lines.length ? { markLine: { symbol: "none", silent: true, lineStyle: { color: "#1a1f2b", type: "solid", width: 1 }, data: lines } } : {}) })),
      legend: { data: scheme.grades.map((band) => band.grade), right: 0, top: 0, itemWidth: 14, itemHeight: 14, textStyle: TYPE, selectedMode: false },
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
  const go = (id) => byId(id).scrollIntoView();
  /* ---- start ---- */

  async function start() {
    if (typeof DecompressionStream === "undefined") {
      byId("waiting").textContent = byId("waiting").dataset.tooOld;
      return;
    }
    data = await page.unpack();
    byId("data").remove();
    const wanted = decodeURIComponent(location.hash.slice(1));
    draw();
    if (wanted && !SECTIONS.includes(wanted)) openCode(wanted);
    else if (wanted) go(wanted);
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  }
  start();
})();
