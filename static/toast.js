// What was just done, and the way back: a message goes after ten seconds, but not while its reader is at it.
const PERIOD = 10_000;
const STEP = 500;
const left = new WeakMap(); // message → milliseconds that it has

function tick() {
  for (const toast of document.querySelectorAll("[data-toast]")) {
    if (document.hidden || toast.matches(":hover, :focus-within")) continue;
    const now = (left.get(toast) ?? PERIOD) - STEP;
    left.set(toast, now);
    if (now <= 0) toast.remove();
  }
}
setInterval(tick, STEP);

const isTyping = (element) => element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest("[data-toast]").remove();
});

// Pressed once: it waits for its answer out of sight.
document.addEventListener("submit", ({ target }) => {
  const toast = target.closest("[data-toast]");
  if (toast && target.hasAttribute("hx-post")) toast.hidden = true;
});
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.elt.closest?.("[data-toast]")?.remove());

// Back as it was: what shows it asks for news, and a page that does not ask by itself is fetched anew.
document.addEventListener("undone", async () => {
  document.dispatchEvent(new Event("live:now"));
  const drawer = document.querySelector("#drawer[open]");
  if (drawer) {
    const page = drawer.querySelector("[data-drawer-page]").href;
    window.htmx.ajax("GET", page, { target: "#drawer-body", swap: "innerHTML" });
    return;
  }
  const content = document.getElementById("content");
  if (content.querySelector("[data-live]") || (isTyping(document.activeElement) && content.contains(document.activeElement))) return;
  const answer = await fetch(location.href);
  if (answer.ok) window.htmx.swap(content, await answer.text(), { swapStyle: "outerHTML" }, { select: "#content" });
});
