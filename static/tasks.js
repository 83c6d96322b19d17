// Choosing rows of the table: all at once, a range with Shift, and how many they are. Without it plain boxes do.
const boxes = () => [...document.querySelectorAll("#tasks input[name=task]")];
let last = null;

function count() {
  const chosen = boxes().filter((box) => box.checked).length;
  const output = document.querySelector("[data-chosen]");
  if (output) output.textContent = chosen ? `(${chosen})` : "";
}

document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-choose-all]");
  if (all) {
    event.preventDefault();
    const rest = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = rest;
    count();
    return;
  }
  const box = event.target.closest("#tasks input[name=task]");
  if (!box) return;
  const rows = boxes();
  const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) {
    for (const each of rows.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
  count();
});
document.addEventListener("htmx:afterSettle", count);
window.addEventListener("pageshow", count);
count();
