// Tasks in one line: Enter sends, what is typed is read below, an answer is written into the line, `c` leads here.
const PAUSE = 200;
let timer = 0;

const lineOf = (element) => element?.closest?.("form[data-quick]")?.querySelector("textarea[name=lines]");

function read(line, wait) {
  clearTimeout(timer);
  timer = setTimeout(() => line.isConnected && window.htmx.trigger(line, "quick:read"), wait);
}

function forget(line) {
  // What stands below was read from other words: it is not what is saved.
  for (const field of line.form.querySelectorAll("[name=seen], [name=as_of]")) field.value = "";
}

document.addEventListener("input", ({ target, isComposing }) => {
  const line = target.matches("form[data-quick] textarea") ? target : null;
  if (!line) return;
  forget(line);
  if (!isComposing) read(line, PAUSE);
});
document.addEventListener("compositionend", ({ target }) => {
  if (target === lineOf(target)) read(target, PAUSE);
});

document.addEventListener("keydown", (event) => {
  const line = event.target.matches("form[data-quick] textarea") ? event.target : null;
  if (!line || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  clearTimeout(timer);
  if (line.value.trim()) line.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const answer = event.target.closest("[data-quick-answer]");
  const line = lineOf(answer);
  if (line) {
    event.preventDefault();
    line.value = answer.value;
    forget(line);
    line.focus();
    read(line, 0);
    return;
  }
  const opener = event.target.closest("a[data-quick-open]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const here = document.querySelector("#quick textarea");
  const dialog = document.getElementById("quick-dialog");
  if (!here && !dialog) return;
  event.preventDefault();
  if (here) return here.focus();
  dialog.showModal();
  window.htmx.ajax("GET", opener.href, { target: "#quick-here", swap: "innerHTML" }).then(() => dialog.querySelector("textarea")?.focus());
});
// What was added and taken back lies in the bin: no link leads there.
document.addEventListener("undone", ({ detail }) => {
  if (detail?.gone) for (const added of document.querySelectorAll(".quick-added")) added.remove();
});
// Closed, it is gone: the page's own line has the same names.
document.getElementById("quick-dialog")?.addEventListener("close", () => document.getElementById("quick-here").replaceChildren());

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const line = lineOf(detail.requestConfig?.elt);
  const sent = detail.requestConfig?.formData?.get?.("lines");
  // Words typed since make an answer about the former ones worthless.
  if (line && detail.requestConfig.path.endsWith("/preview/") && line.value !== sent) detail.shouldSwap = false;
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt;
  if (!form.matches?.("form[data-quick]")) return;
  const line = lineOf(form);
  // What was written meanwhile is the next one.
  if (detail.successful && line.value === detail.requestConfig.formData.get("lines")) line.value = "";
  if (detail.successful) document.dispatchEvent(new Event("live:now"));
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!detail.requestConfig?.elt?.matches?.("form[data-quick]") || detail.elt.id !== "quick-reading") return;
  (detail.elt.querySelector("[data-weight=question] button") ?? lineOf(detail.elt))?.focus();
});
