// What htmx alone does not do: a refusal goes away once something succeeds.
document.body.addEventListener("htmx:afterRequest", (event) => {
  const { successful, requestConfig } = event.detail;
  if (successful && requestConfig?.verb !== "get") {
    document.getElementById("notice")?.replaceChildren();
  }
});

// Its reader closes it too; what was refused in the drawer goes with the drawer.
function dismiss() {
  const notice = document.getElementById("notice");
  const content = notice?.contains(document.activeElement) && document.getElementById("content");
  notice?.replaceChildren();
  content?.focus?.({ preventScroll: true });
}
document.addEventListener("click", (event) => event.target.closest("[data-notice-close]") && dismiss());
document.addEventListener("close", (event) => event.target.id === "drawer" && dismiss(), { capture: true });

// What was pressed may be gone after its answer: the reader then stands before the same section of the new piece, and
// nothing has moved under them.
const drawn = document.getElementById("drawer-body");
let stood = { top: 0, section: null };
document.body.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig } }) => {
  if (requestConfig && requestConfig.verb !== "get") stood = { top: drawn?.scrollTop ?? 0, section: requestConfig.elt.closest?.("section[id]")?.id };
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  const { target, requestConfig } = event.detail;
  if (!requestConfig || requestConfig.verb === "get" || !target.id) return;
  if ((document.activeElement ?? document.body) === document.body) {
    const piece = document.getElementById(stood.section) ?? document.getElementById(target.id);
    if (!piece?.hasAttribute("tabindex")) piece?.setAttribute("tabindex", "-1");
    piece?.focus({ preventScroll: true });
  }
  if (drawn?.contains(document.getElementById(target.id))) drawn.scrollTop = stood.top;
});

// A menu closes when its reader turns elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menus = document.querySelectorAll("details.menu[open]");
  const isBusy = menus.length || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open], :popover-open");
  if (!isBusy && document.querySelector("#notice [data-notice-close]")) dismiss();
  for (const menu of menus) {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  }
});

// A preview shows what will be created: once its form says something else, it goes and is asked for again.
document.addEventListener("input", (event) => {
  if (event.target.closest("form[hx-target='#plan-preview']")) document.getElementById("plan-preview")?.replaceChildren();
});
