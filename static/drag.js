// Dragging a card with the mouse: a line shows where it will land, Escape leaves it where it was.
import { move, openMenu } from "./board.js";

const FAR = 6;
const EDGE = 70;
// Columns that ask for a reason or a person first.
const ASKING = ["in_review", "blocked", "cancelled"];
let held = null;

const line = document.createElement("li");
line.className = "drop-line";
line.ariaHidden = "true";

function lift() {
  const box = held.card.getBoundingClientRect();
  held.ghost = held.card.cloneNode(true);
  held.ghost.removeAttribute("id");
  held.ghost.classList.add("ghost");
  held.ghost.ariaHidden = "true";
  held.ghost.style.inlineSize = `${box.width}px`;
  held.offset = [held.x - box.left, held.y - box.top];
  document.body.append(held.ghost);
  held.card.classList.add("lifted");
  held.card.dataset.dragging = "";
  document.body.classList.add("dragging");
  requestAnimationFrame(roll);
}

function drawLine() {
  const cell = document.elementFromPoint(held.x, held.y)?.closest("#board .cell");
  if (!cell) return line.remove();
  const rest = [...cell.querySelectorAll(".task-card:not(.lifted)")];
  const next = rest.find((card) => {
    const box = card.getBoundingClientRect();
    return held.y < box.top + box.height / 2;
  });
  cell.insertBefore(line, next ?? cell.querySelector(".more"));
}

// Near an edge the page, or the board sideways, rolls on by itself.
function roll() {
  if (!held?.ghost) return;
  const pull = (at, end) => (at < EDGE ? at - EDGE : at > end - EDGE ? at - end + EDGE : 0) / 5;
  scrollBy(0, pull(held.y, innerHeight));
  document.querySelector("#board .board")?.scrollBy(pull(held.x, innerWidth), 0);
  drawLine();
  requestAnimationFrame(roll);
}

function letGo() {
  held?.ghost?.remove();
  held?.card.classList.remove("lifted");
  line.remove();
  document.body.classList.remove("dragging");
  delete held?.card.dataset.dragging;
  held = null;
}

async function drop() {
  const { card } = held;
  const from = card.closest(".cell");
  const to = line.closest(".cell");
  const isCard = (element) => (element?.matches(".task-card") ? element : null);
  const near = (way) => {
    let found = line[way];
    while (found === card) found = found[way];
    return isCard(found);
  };
  const [before, after] = to ? [near("nextElementSibling"), near("previousElementSibling")] : [];
  const stays = !to || (from === to && before === isCard(card.nextElementSibling) && after === isCard(card.previousElementSibling));
  const home = [from, card.nextElementSibling === line ? line.nextElementSibling : card.nextElementSibling];
  if (!stays && line.previousElementSibling !== card && line.nextElementSibling !== card) line.before(card);
  else if (!stays) to.insertBefore(card, line);
  letGo();
  if (stays) return;
  const values = {};
  if (to.closest("[data-quadrants]")) values.lane = to.dataset.column;
  else {
    if (to.dataset.column !== from.dataset.column) values.status = to.dataset.column;
    if (to.dataset.lane !== from.dataset.lane) values.lane = to.dataset.lane;
    if (before) values.before_id = before.dataset.id;
    else if (after) values.after_id = after.dataset.id;
  }
  const goHome = () => card.isConnected && home[0].insertBefore(card, home[1]);
  if (!ASKING.includes(values.status)) return (await move(card, values)) || goHome();
  const { status, ...place } = values;
  await openMenu(card, { to: status, ...place });
  const menu = document.getElementById("move");
  if (!menu.matches(":popover-open")) return goHome();
  // Closed without an answer, the card goes home; sent, the board is new and the card of this one is gone.
  menu.addEventListener("beforetoggle", goHome, { once: true });
}

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest("#board [data-moves] .task-card");
  if (!card || event.button || event.pointerType !== "mouse" || event.target.closest("[data-move]")) return;
  held = { card, x: event.clientX, y: event.clientY };
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  // Let go outside the window, which nobody here was told.
  if (!(event.buttons & 1)) return letGo();
  const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR;
  if (!held.ghost && !far) return;
  if (!held.ghost) lift();
  [held.x, held.y] = [event.clientX, event.clientY];
  held.ghost.style.translate = `${held.x - held.offset[0]}px ${held.y - held.offset[1]}px`;
});
document.addEventListener("pointerup", () => {
  if (!held?.ghost) return letGo();
  // The click that ends a drag opens nothing.
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  drop();
});
// A pointer that is lost drops nothing.
for (const name of ["pointercancel", "lostpointercapture"]) document.addEventListener(name, letGo);
for (const name of ["blur", "pagehide"]) addEventListener(name, letGo);
document.addEventListener("visibilitychange", letGo);
// Before anybody else hears of the key: it ends the drag and closes nothing.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !held) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  letGo();
}, { capture: true });
for (const name of ["dragstart", "selectstart"]) document.addEventListener(name, (event) => held && event.preventDefault());
