// The pages that this reader opened last in this browser: the palette begins with them.
const dialog = document.getElementById("palette");
const KEPT = 6;
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
  document.getElementById("palette-results").prepend(group);
}

if (dialog) {
  remember();
  dialog.addEventListener("palette:empty", showRecent);
  // On a shared computer the next one does not see what this one read.
  document.addEventListener("submit", (event) => {
    if ((event.submitter?.getAttribute("formaction") ?? event.target.getAttribute("action"))?.endsWith("/logout/")) localStorage.removeItem(store);
  });
}
