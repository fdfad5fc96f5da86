"use strict";
/* What every page of ours is made of: words in two languages, numbers, elements, tables that can be
   downloaded, charts. The page's own script follows in the same element.
   Every text from outside reaches a page as a text node: never as HTML. */
const page = (function () {
  const LATIN = "en";
  const state = { language: "zh" };
  let data;

  /* ---- words and numbers: the same rules as messages.py ---- */

  function say(key, values) {
    const message = data.messages[key][state.language];
    return message.replace(/\{(\w+)\}/g, (_, name) => pick(values[name]));
  }
  function pick(text) {
    return text !== null && typeof text === "object" ? text[state.language] : String(text);
  }
  function fixed(value, places) {
    let text = Math.abs(value).toFixed(places);
    const [whole, rest] = text.split(".");
    text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
    return value < 0 && /[1-9]/.test(text) ? "-" + text : text;
  }
  function number(value) {
    const size = Math.abs(value);
    return fixed(value, size >= 1000 || size === 0 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4);
  }
  // Of a unit told in both languages, the reader's; "" where there is none.
  function unitOf(one) {
    return one.unit ? pick(one.unit) : "";
  }
  function quantity(value, unit) {
    if (!unit) return number(value);
    return unit === "%" ? number(value) + "%" : number(value) + " " + unit;
  }
  const trim = (value) => number(value).replace(/\.0+$/, "");
  const count = (value) => fixed(value, 0);
  const percent = (part, whole) => (whole ? fixed((100 * part) / whole, 1) + "%" : "—");

  /* ---- elements ---- */

  function h(tag, props, ...children) {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name);
    if (classes.length) element.className = classes.join(" ");
    for (const [key, value] of Object.entries(props || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (key.startsWith("--")) element.style.setProperty(key, value);
      else if (key === "style") Object.assign(element.style, value);
      else if (key === "value") element.value = value;
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }
  const byId = (id) => document.getElementById(id);

  function badge() {
    return data.run.simulated ? h("span.simulated", {}, "▲ " + say("simulated")) : null;
  }
  function section(id, title, note, ...children) {
    return h("section", { id, "aria-labelledby": id + "-title" },
      h("header", {}, h("h2", { id: id + "-title" }, title), badge()),
      note ? h("p.quiet", {}, note) : null, ...children);
  }
  function select(label, value, options, change, props) {
    const list = h("select", { onchange: (event) => change(event.target.value), ...props },
      options.map(([id, text]) => h("option", { value: id }, text)));
    list.value = value;
    return h("label.field", {}, label, list);
  }
  /* A table with its head; columns = [title, figures?]; `name` makes it downloadable. */
  function table(columns, rows, options = {}) {
    const head = columns.map(([title, figures]) => h("th" + (figures ? ".number" : ""), { scope: "col" }, title));
    const body = rows.map((row) => h("tr", {}, row.map((cell, i) =>
      h(i === 0 && !options.cards ? "th" : "td",
        { class: columns[i][1] ? "number" : i === 0 && options.cards ? "whole" : null,
          scope: i === 0 && !options.cards ? "row" : null, "data-name": columns[i][0] }, cell))));
    const drawn = h("table" + (options.cards ? ".cards" : ""), {},
      options.caption ? h("caption", {}, options.caption) : null,
      h("thead", {}, h("tr", {}, head)), h("tbody", {}, body));
    return h("div.box", { tabindex: "0", role: "group", "aria-label": options.caption || options.label || "" }, drawn);
  }
  function download(name, titles, rows) {
    return h("button.no-print", { type: "button", onclick: () => save(name, [titles, ...rows()]) }, say("download"));
  }
  /* CSV for a spreadsheet: a text that would start a formula there is kept a text. */
  function save(name, rows) {
    const cell = (value) => {
      let text = value === null || value === undefined ? "" : String(value);
      if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
      return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    };
    const marked = data.run.simulated ? [[say("simulated")]] : [];
    const text = "\ufeff" + [...marked, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
    const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: name + ".csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function languages(draw) {
    return h("div.segments", { role: "group", "aria-label": say("language") },
      [["zh", "中文"], ["en", "English"]].map(([id, text]) => h("button", {
        type: "button", lang: id, "aria-pressed": String(state.language === id),
        onclick: () => { state.language = id; draw(); },
      }, text)));
  }

  /* ---- charts ---- */

  const charts = [];
  const TYPE = { fontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif', color: "#1a1f2b", fontSize: 13 };
  const LINE = { lineStyle: { color: "#dde2ea" } };

  function chart(id, height, label, option) {
    const box = byId(id);
    if (!box) return;
    box.style.height = height + "px";
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", label);
    const made = echarts.init(box, null, { renderer: "svg" });
    made.setOption({ animation: false, textStyle: TYPE, ...option });
    charts.push(made);
  }

  /* ---- moving about ---- */

  let watcher;
  function watch() {
    if (watcher) watcher.disconnect();
    watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of document.querySelectorAll(".menu a")) {
          if (link.dataset.to === entry.target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      }
    }, { rootMargin: "-30% 0px -65% 0px" });
    for (const each of document.querySelectorAll("main section")) watcher.observe(each);
  }
  let width = window.innerWidth, resizing;
  window.addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      charts.forEach((each) => each.resize());
    }, 100);
  });

  // Paper is narrower than the screen: charts are drawn anew to its width.
  window.matchMedia("print").addEventListener("change", () => charts.forEach((each) => each.resize()));

  /* ---- start ---- */

  async function unpack() {
    const packed = Uint8Array.from(atob(byId("data").textContent), (char) => char.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    data = JSON.parse(await new Response(stream).text());
    return data;
  }

  return {
    state, LATIN, say, pick, fixed, number, quantity, unitOf, trim, count, percent, h, byId, badge, section, select, table,
    download, languages, charts, TYPE, LINE, chart, watch, unpack,
  };
})();
