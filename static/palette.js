// The palette: find something, or say what to do, without the mouse. Without it its link leads to the search's page.
const dialog = document.getElementById("palette");
const field = document.getElementById("palette-q");
const PAUSE_MS = 120;
let enter = null; // pressed before its answer came
let question = new AbortController(); // the newest; older ones are broken off, so no answer of theirs comes late

const list = () => document.getElementById("palette-results");
const options = () => [...list().querySelectorAll("[role=option]")];
const chosen = () => list().querySelector("[aria-selected=true]");
const isFresh = () => list().dataset.q === field.value.trim();
const isTyping = (event) => event.isComposing || event.keyCode === 229;

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

// --- asking, opening, choosing ---

async function ask(pause = PAUSE_MS) {
  question.abort();
  const { signal } = (question = new AbortController());
  await new Promise((resolve) => setTimeout(resolve, pause));
  const address = new URL(field.dataset.address, location.href);
  address.search = new URLSearchParams({ q: field.value, at: field.dataset.at });
  try {
    const answer = await fetch(address, { signal, headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
    const html = await answer.text();
    if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
    else if (answer.ok && !signal.aborted && dialog.open) show(html);
  } catch {
    // Broken off by the next one, or nobody there: what stands, stays.
  }
}

function show(html) {
  list().outerHTML = html;
  const { none } = list().dataset;
  const said = document.getElementById("palette-none");
  said.textContent = none ?? "";
  said.hidden = !none;
  // Where the reader was before goes first.
  if (!field.value.trim()) dialog.dispatchEvent(new Event("palette:empty"));
  choose(options()[0]);
  if (enter && chosen()) go(chosen(), enter.isNewTab);
  enter = null;
}

function open() {
  if (dialog.open) return;
  document.querySelector("dialog:modal")?.close();
  field.value = "";
  dialog.showModal();
  field.focus();
  ask(0);
}

if (dialog) {
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
  field.addEventListener("input", (event) => {
    enter = null; // meant what stood there
    if (!event.isComposing) ask();
  });
  field.addEventListener("compositionend", () => ask());
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
}
