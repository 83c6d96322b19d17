// The palette: find something, or say what to do, without the mouse. Without it its link leads to the search's page.
const dialog = document.getElementById("palette");
const field = document.getElementById("palette-q");
const KEPT = 6;
let enter = null; // pressed before its answer came

const list = () => document.getElementById("palette-results");
const options = () => [...list().querySelectorAll("[role=option]")];
const chosen = () => list().querySelector("[aria-selected=true]");
const isFresh = () => list().dataset.q === field.value.trim();
const isTyping = (event) => event.isComposing || event.keyCode === 229;
const ask = () => window.htmx.trigger(field, "palette:ask");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

function go(option, isNewTab) {
  if (isNewTab && option.href) {
    window.open(option.href, "_blank", "noopener");
    return;
  }
  // First back to where the reader was: what opens beside the page returns there, too.
  dialog.close();
  option.click();
}

// --- what was opened last, in this browser and for this reader ---

const store = `recent:${dialog?.dataset.reader}`;

function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(store) ?? "[]");
    return kept.filter(({ path, title }) => /^\/(?!\/)/.test(path) && title);
  } catch {
    return [];
  }
}

function remember() {
  const path = location.pathname;
  const title = document.title.split(" · ").slice(0, -1).join(" · ");
  if (path.startsWith("/search/") || !title) return;
  const rest = recent().filter((page) => page.path !== path);
  try {
    localStorage.setItem(store, JSON.stringify([{ path, title }, ...rest].slice(0, KEPT + 1)));
  } catch {
    // A browser that keeps nothing has no recent pages.
  }
}

function showRecent() {
  const pages = recent().filter(({ path }) => path !== location.pathname).slice(0, KEPT);
  if (!pages.length) return;
  const group = document.createElement("section");
  const name = document.createElement("div");
  group.className = "hits";
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", "palette-recent-title");
  name.id = "palette-recent-title";
  name.className = "hit-kind";
  name.textContent = dialog.dataset.recent;
  group.append(name);
  pages.forEach(({ path, title }, index) => {
    const option = document.getElementById("palette-recent").content.firstElementChild.cloneNode(true);
    option.id = `palette-recent-${index}`;
    option.href = path;
    option.querySelector(".grow").textContent = title;
    if (/^\/tasks\/\d+\/$/.test(path)) option.setAttribute("data-drawer", "");
    group.append(option);
  });
  list().prepend(group);
}

// --- opening, typing, choosing ---

function open() {
  if (dialog.open) return;
  document.querySelector("dialog:modal")?.close();
  field.value = "";
  dialog.showModal();
  field.focus();
  ask();
}

if (dialog) {
  remember();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || isTyping(event)) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  dialog.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (event.target === dialog) dialog.close();
    if (!option || !dialog.open || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    go(option);
  });
  dialog.addEventListener("close", () => {
    enter = null;
    list().replaceChildren();
    list().removeAttribute("data-q");
    choose(null);
  });
  // While a Chinese word is being put together its letters are not what is looked for.
  field.addEventListener("input", (event) => event.isComposing || ask());
  field.addEventListener("compositionend", ask);
  field.addEventListener("keydown", (event) => {
    if (isTyping(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const all = options();
      choose(all.at((all.indexOf(chosen()) + step) % all.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const isNewTab = event.ctrlKey || event.metaKey;
      if (!isFresh()) enter = { isNewTab };
      else if (chosen()) go(chosen(), isNewTab);
    }
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.requestConfig?.elt !== field || !dialog.open || !isFresh()) return;
    // It settles twice: the list, and what is said when it is empty.
    if (!field.value.trim() && !document.getElementById("palette-recent-0")) showRecent();
    choose(options()[0]);
    if (enter && chosen()) go(chosen(), enter.isNewTab);
    enter = null;
  });
  // On a shared computer the next one does not see what this one read.
  document.addEventListener("submit", (event) => {
    if ((event.submitter?.formAction ?? event.target.action).endsWith("/logout/")) localStorage.removeItem(store);
  });
}
