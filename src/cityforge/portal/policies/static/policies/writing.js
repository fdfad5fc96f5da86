// The numbers beside the text keep step with it, and a Problem leads to its line. What is altered
// is said to be so, is not handed in before it is kept, and not left by accident; what was worked
// out before is called that.
const text = document.getElementById("text");
const gutter = document.querySelector(".gutter");

const number = () => {
  const wanted = text.value.split("\n").length;
  while (gutter.childElementCount > wanted) gutter.lastElementChild.remove();
  while (gutter.childElementCount < wanted) {
    const line = document.createElement("span");
    line.textContent = gutter.childElementCount + 1;
    line.id = `L${line.textContent}`;
    gutter.append(line);
  }
  text.rows = wanted;
};

const lead = (line, column) => {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const from = start + Math.max(column - 1, 0);
  text.focus({ preventScroll: true });
  text.setSelectionRange(from, start + (lines[line - 1] || "").length);
  document.getElementById(`L${line}`)?.scrollIntoView({ block: "center" });
};

const kept = document.getElementById("kept");
const said = kept?.textContent;
let leaving = false;

const altered = () => text.value !== text.defaultValue;

const tell = () => {
  kept.textContent = altered() ? kept.dataset.altered : said;
  for (const one of document.querySelectorAll("[data-needs-kept]")) one.disabled = altered();
  for (const one of document.querySelectorAll("[data-outdated]")) one.hidden = false;
};

if (text && gutter) {
  text.addEventListener("input", () => {
    number();
    tell();
  });
  document.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (altered() && !leaving) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    lead(Number(link.dataset.line), Number(link.dataset.column));
  });
  number();
}
