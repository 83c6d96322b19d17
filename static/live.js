// Others' changes, without a reload: every piece that says data-live="URL" asks it for news.
// 204 means nothing new. What its reader is working in is never replaced; a hidden page does not ask.
const PERIOD = 5000;
const PATIENCE = 8000;
const SLOWEST = 40_000;
const banner = document.getElementById("offline");
const waiting = new Map(); // form → the button that sent it, while the server is gone
let pause = PERIOD;
let timer = 0;

const isTyping = (element) => element?.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
const isChanged = (field) =>
  field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
  : field.tagName === "SELECT" ? [...field.options].some((option) => option.selected !== option.defaultSelected) && field.dataset.touched
  : field.type !== "hidden" && field.value !== field.defaultValue;

function isBusy(piece) {
  if (piece.contains(document.activeElement) && isTyping(document.activeElement)) return true;
  if (piece.querySelector("details.menu[open], dialog[open], :popover-open, [data-dragging], .htmx-request")) return true;
  return [...piece.querySelectorAll("form:not([data-passing]) :is(input, textarea, select)")].some(isChanged);
}

document.addEventListener("change", ({ target }) => { if (target.tagName === "SELECT") target.dataset.touched = "yes"; });

// What is folded out and scrolled stays so, in the piece and around it, and its reader stays where they stand.
function remember(piece) {
  const around = [];
  for (let at = piece.parentElement; at; at = at.parentElement) if (at.id) around.push(at);
  const stands = piece.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...piece.querySelectorAll("details[id][open]")].map(({ id }) => id);
  const scrolled = [piece, ...piece.querySelectorAll("[id]"), ...around].filter((each) => each.scrollLeft || each.scrollTop)
    .map(({ id, scrollLeft, scrollTop }) => [id, scrollLeft, scrollTop]);
  return () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const place = stands && document.getElementById(stands);
    if (place && place !== document.activeElement) {
      if (place.tabIndex < 0) place.setAttribute("tabindex", "-1");
      place.focus({ preventScroll: true });
    }
    for (const [id, x, y] of scrolled) document.getElementById(id)?.scrollTo({ left: x, top: y, behavior: "instant" });
  };
}

async function ask(piece) {
  if (isBusy(piece)) return;
  const answer = await fetch(piece.dataset.live, {
    headers: { "HX-Request": "true", "HX-Target": piece.id, "X-Live": "1" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status >= 502) throw new Error("the server is away");
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) { location.assign(elsewhere); return; }
  if (answer.status !== 200) return;
  const text = await answer.text();
  if (!piece.isConnected || isBusy(piece)) return; // taken up meanwhile: the next round brings it
  const restore = remember(piece);
  window.htmx.swap(piece, text, { swapStyle: "outerHTML" });
  restore();
}

async function round() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      await Promise.all([...document.querySelectorAll("[data-live]")].map(ask));
      // Any answer of its own says that it is there; those of a proxy in front do not.
      if (!banner.hidden && [502, 504].includes((await fetch("/healthz", { signal: AbortSignal.timeout(PATIENCE) })).status)) throw new Error("the server is away");
      isBack();
    } catch {
      isGone();
    }
  }
  clearTimeout(timer);
  timer = setTimeout(round, pause);
}

function isGone() {
  banner.hidden = false;
  pause = Math.min(pause * 2, SLOWEST);
}

// What could not be sent is sent now, from the form as it stands then.
function isBack() {
  banner.hidden = true;
  pause = PERIOD;
  for (const [form, button] of waiting) {
    waiting.delete(form);
    if (form.isConnected) form.requestSubmit(button?.isConnected && button.form === form ? button : undefined);
  }
}

function keep({ detail }) {
  const { elt, verb, triggeringEvent } = detail.requestConfig;
  // Sent again is only what cannot be done twice: it never left, or it carries the version that it was made from.
  const isSafe = !navigator.onLine || elt.elements?.version;
  if (verb !== "get" && elt.tagName === "FORM" && isSafe) waiting.set(elt, triggeringEvent?.submitter);
  pause = PERIOD;
  banner.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(round, pause);
}

document.addEventListener("htmx:sendError", keep);
document.addEventListener("htmx:timeout", keep);
document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status >= 502) keep(event); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) round(); });
window.addEventListener("online", round);
window.addEventListener("offline", isGone);
// Somebody here changed something (data-live pieces elsewhere on the page show it at once).
document.addEventListener("live:now", round);
timer = setTimeout(round, PERIOD);
