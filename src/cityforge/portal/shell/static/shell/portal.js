// Where htmx swaps a part in, the reader's place is kept: focus goes to what asks for it.
document.addEventListener("htmx:afterSwap", (event) => {
  const wants = event.target.querySelector("[data-focus]");
  if (wants) wants.focus();
});
