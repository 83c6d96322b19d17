// Details beside the page: a link with data-drawer opens its page's fragment there, and the address follows.
// Not modal: the page beside it stays in use, and another link shows its thing in the same place.
const drawer = document.getElementById("drawer");
const body = document.getElementById("drawer-body");
const page = document.getElementById("content");
const shell = document.querySelector(".shell");
const narrow = window.matchMedia("(max-width: 640px)");
let opener = null;
let home = null; // the address under the drawer
const loaded = location.pathname; // the page that stands here, whatever the address says by now

const skeleton = () => {
  const box = document.createElement("div");
  box.className = "skeleton";
  box.setAttribute("aria-busy", "true");
  box.append(...[1, 2, 3, 4].map(() => document.createElement("span")));
  return box;
};

async function show(href) {
  drawer.querySelector("[data-drawer-page]").href = href;
  if (!drawer.open) {
    body.replaceChildren(skeleton());
    drawer.show();
    // Refusals are said where the reader is.
    body.before(document.getElementById("notice"));
    shell.inert = narrow.matches;
  }
  await window.htmx.ajax("GET", href, { target: body, swap: "innerHTML" });
  if (!body.contains(document.activeElement)) (body.querySelector("h1, h2") ?? drawer.querySelector("button")).focus({ preventScroll: true });
}

function hide() {
  if (!drawer.open) return;
  page.prepend(document.getElementById("notice"));
  drawer.close();
  shell.inert = false;
  body.replaceChildren();
  document.getElementById(opener)?.focus();
  opener = null;
  home = null;
  document.dispatchEvent(new Event("live:now"));
}

function close() {
  if (!drawer?.open) return;
  const back = home;
  hide();
  if (back && history.state?.drawer) history.pushState({}, "", back);
}

export function open(href, from) {
  const link = from ?? document.activeElement;
  if (link && !link.id && link !== document.body) link.id = `opener-${Date.now()}`;
  if (!drawer.contains(link)) opener = link?.id ?? null;
  home ??= location.href;
  history.pushState({ drawer: href, home }, "", href);
  return show(href);
}

if (drawer) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer]");
    if (link && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      // A link of a dialog that has closed leads back to where that was opened.
      open(link.getAttribute("href"), link.closest("dialog:not([open])") ? undefined : link);
    } else if (event.target.closest("[data-drawer-close]")) {
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && drawer.open && !document.querySelector("dialog:modal, details.menu[open]")) close();
  });
  // Before htmx, which would load the page under the drawer anew.
  window.addEventListener("popstate", (event) => {
    if (event.state?.drawer) {
      home = event.state.home;
      show(event.state.drawer);
    } else if (location.pathname !== loaded) {
      // The page was loaded anew while the drawer's address stood there: what was under it is not here.
      location.reload();
    } else if (drawer.open) {
      hide();
    } else {
      return;
    }
    event.stopImmediatePropagation();
  }, { capture: true });
  // What changed in the drawer shows beside it at once.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && detail.requestConfig.verb !== "get" && drawer.contains(detail.elt)) document.dispatchEvent(new Event("live:now"));
  });
}
