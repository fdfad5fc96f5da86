// Where htmx swaps a part in, the reader's place is kept: focus goes to what asks for it.
document.addEventListener("htmx:afterSwap", (event) => {
  const wants = event.target.querySelector("[data-focus]");
  if (wants) wants.focus();
});

// What scrolls sideways is reached by Tab, and says what it is by the heading above it.
const headings = "h1, h2, h3, h4, summary";
function reach(part) {
  for (const one of part.querySelectorAll(".scroll")) {
    if (one.scrollWidth <= one.clientWidth) {
      one.removeAttribute("tabindex");
      continue;
    }
    one.tabIndex = 0;
    one.setAttribute("role", "region");
    const before = [...document.querySelectorAll(headings)].filter(
      (each) => each.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    one.setAttribute("aria-label", before.at(-1)?.innerText ?? document.title);
  }
}
reach(document);
addEventListener("resize", () => reach(document));
document.addEventListener("htmx:afterSettle", () => reach(document));
document.addEventListener("toggle", () => reach(document), true);
// On a narrow window the menu scrolls: where one is stands in sight.
const here = document.querySelector(".top nav [aria-current]");
const menu = here?.closest("ul");
if (menu && menu.scrollWidth > menu.clientWidth) {
  menu.scrollLeft = here.offsetLeft - menu.offsetLeft - menu.clientWidth / 2 + here.offsetWidth / 2;
}
