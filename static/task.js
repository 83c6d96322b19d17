// A fact of a task turns into its field: the reader stands in it at once, and Escape turns it back.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.("details.fact-edit, details.item-menu") || !target.open) return;
  for (const other of document.querySelectorAll("details.fact-edit[open], details.item-menu[open]")) {
    if (other !== target && !other.querySelector(".clash") && !isChanged(other)) other.open = false;
  }
  if (target.contains(document.activeElement)) target.querySelector("form :is(input:not([type=hidden]), select, textarea)")?.focus();
}, { capture: true });

const isChanged = (piece) => [...piece.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details.fact-edit[open], details.item-menu[open]");
  if (!open) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary").focus();
}, { capture: true });
