// A button with data-copies puts the value of that field where pasting finds it, and says so.
const shown = (root) => {
  for (const button of root.querySelectorAll("[data-copies][hidden]")) button.hidden = !navigator.clipboard;
};

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.querySelector("span").textContent = button.dataset.done;
});
document.addEventListener("htmx:load", ({ target }) => shown(target));
shown(document);
