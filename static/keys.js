// Keys: data-key="c" on a link or a button means that c presses it, "g t" that g and then t do.
// Never while somebody types, never with Ctrl, Alt or Cmd, and not at all once they are switched off.
const dialog = document.getElementById("keys");
const WRITING = "input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=reset]),textarea,select,[contenteditable]";
const PATIENCE_MS = 1000;
let first = "";
let timer = 0;

export function isOff() {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return false;
  }
}

// What can be pressed now: what stands in an open dialog first, the page before the frame around it, and nothing behind
// a modal dialog.
const distance = (element) => (element.closest("dialog") ? 0 : element.closest("[data-everywhere]") ? 2 : 1);

function pressable() {
  const root = document.querySelector("dialog:modal") ?? document;
  const all = [...root.querySelectorAll("[data-key]")];
  const there = all.filter((each) => !each.disabled && !each.closest("dialog:not([open]), [hidden], [inert]"));
  return there.sort((one, other) => distance(one) - distance(other));
}

// Who has just added a task stands in the emptied line: the way back is pressed from there.
const isAfterAdding = ({ key, target }) => key.toLowerCase() === "z" && target.matches("form[data-quick] textarea") && !target.value && document.querySelector("[data-toast]:not([hidden]) [data-key=z]");

function press(element) {
  if (element.matches(WRITING)) element.focus();
  else element.click();
}

function forget() {
  clearTimeout(timer);
  first = "";
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.defaultPrevented || event.repeat || key.length !== 1 || key === " " || isOff() || (target.closest?.(WRITING) && !isAfterAdding(event))) return;
  // Caps Lock changes nothing.
  const pressed = event.shiftKey ? key : key.toLowerCase();
  const all = pressable();
  const wanted = (first && all.find((each) => each.dataset.key === `${first} ${pressed}`)) || all.find((each) => each.dataset.key === pressed);
  forget();
  if (wanted) {
    event.preventDefault();
    press(wanted);
  } else if (all.some((each) => each.dataset.key.startsWith(`${pressed} `))) {
    first = pressed;
    timer = setTimeout(forget, PATIENCE_MS);
  }
});

// --- what is said about them ---

const nameOf = (element) => element.dataset.keyName || element.getAttribute("aria-label") || element.querySelector(".word")?.textContent.trim() || element.textContent.trim();

function hint() {
  const off = isOff();
  for (const element of document.querySelectorAll("[data-key]")) {
    // A space parts alternatives there: keys in a row cannot be said by it.
    if (off || element.dataset.key.includes(" ")) element.removeAttribute("aria-keyshortcuts");
    else element.setAttribute("aria-keyshortcuts", element.dataset.key);
    if (off) element.removeAttribute("title");
    else element.title ||= `${nameOf(element)} (${element.dataset.key})`;
  }
}

function row(element) {
  const line = document.createElement("div");
  const keys = document.createElement("dt");
  const name = document.createElement("dd");
  for (const key of element.dataset.key.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    keys.append(cap);
  }
  name.textContent = nameOf(element);
  line.append(keys, name);
  return line;
}

function open() {
  const seen = new Set();
  const once = pressable().filter(({ dataset: { key } }) => !seen.has(key) && seen.add(key));
  const inShell = (element) => Boolean(element.closest("[data-everywhere]"));
  const parts = { everywhere: once.filter(inShell), page: once.filter((element) => !inShell(element)) };
  for (const [name, elements] of Object.entries(parts)) {
    dialog.querySelector(`[data-keys-of=${name}]`).replaceChildren(...elements.map(row));
  }
  // Keys that press no button, such as those that walk over a board, are said by their page.
  const page = dialog.querySelector("[data-keys-of=page]");
  for (const template of document.querySelectorAll("template[data-keys]")) page.append(template.content.cloneNode(true));
  dialog.querySelector("[data-keys-page]").hidden = !page.childElementCount;
  dialog.querySelector("[data-keys-on]").checked = !isOff();
  dialog.showModal();
}

if (dialog) {
  for (const opener of document.querySelectorAll("[data-opens=keys]")) opener.hidden = false;
  hint();
  document.addEventListener("htmx:afterSettle", hint);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens=keys]") && !dialog.open) open();
    else if (event.target === dialog) dialog.close();
  });
  dialog.querySelector("[data-keys-on]").addEventListener("change", ({ target }) => {
    try {
      localStorage.setItem("keys", target.checked ? "on" : "off");
    } catch {
      target.checked = true;
    }
    hint();
  });
}
