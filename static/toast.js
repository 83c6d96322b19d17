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

// Above the bar that stands at the foot of the screen, not on it.
const host = document.getElementById("toasts");
function lift() {
  if (!host?.firstElementChild) return;
  const root = document.querySelector("dialog[open] .task-bar")?.closest("dialog") ?? document;
  const stuck = [...root.querySelectorAll(".task-bar, .bulk-bar")].filter((bar) => getComputedStyle(bar).position === "sticky");
  const tops = stuck.map((bar) => bar.getBoundingClientRect()).filter(({ top, bottom }) => bottom > innerHeight * 0.75 && top < innerHeight).map(({ top }) => top);
  host.style.setProperty("--bar", `${tops.length ? Math.round(Math.min(innerHeight - Math.min(...tops), innerHeight / 2)) : 0}px`);
}
if (host) new MutationObserver(lift).observe(host, { childList: true });
for (const moved of ["scroll", "resize", "htmx:afterSettle"]) window.addEventListener(moved, lift, { capture: true, passive: true });
lift();

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
    await window.htmx.ajax("GET", page, { target: "#drawer-body", swap: "innerHTML" });
    // The message that was pressed is gone.
    const body = document.getElementById("drawer-body");
    body.tabIndex = -1;
    if (document.activeElement === document.body) body.focus({ preventScroll: true });
    return;
  }
  const content = document.getElementById("content");
  if (content.querySelector("[data-live]") || (isTyping(document.activeElement) && content.contains(document.activeElement))) return;
  const answer = await fetch(location.href);
  if (answer.ok) window.htmx.swap(content, await answer.text(), { swapStyle: "outerHTML" }, { select: "#content" });
});
