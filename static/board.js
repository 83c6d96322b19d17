// The board under the keys, and its one move menu. Without it every card's link opens the same menu as a page.
import { open } from "./drawer.js";
import { isOff } from "./keys.js";

const board = () => document.getElementById("board");
const menu = () => document.getElementById("move");
const cards = () => [...document.querySelectorAll("#board .task-card")];
const typing = (element) => element.closest("input, select, textarea, [contenteditable], dialog[open], [popover]:popover-open");

// What the board shows beyond its first windows travels with every question for it, so that nobody is thrown back.
const live = () => new URL(board().dataset.live, location.href);
export function back() {
  const { searchParams } = live();
  searchParams.delete("version");
  return searchParams.toString();
}
function remember(cell) {
  const address = live();
  const shown = new Map((address.searchParams.get("shown") || "").split(",").filter(Boolean).map((part) => part.split(":")));
  shown.set(cell.id.replace("cell-", ""), cell.querySelectorAll(".task-card").length);
  address.searchParams.set("shown", [...shown].map((part) => part.join(":")).join(","));
  board().dataset.live = address.pathname + address.search;
}
let loading = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  loading = detail.target?.matches?.("#board .more") ? detail.target.closest(".cell") : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (loading?.isConnected) remember(loading);
  loading = null;
});

export async function openMenu(card, asked = {}) {
  const query = new URLSearchParams({ back: back(), ...asked });
  await htmx.ajax("GET", `${card.querySelector("[data-move]").getAttribute("href")}?${query}`, { target: "#move", swap: "innerHTML" });
  if (!menu().childElementCount) return;
  menu().dataset.opener = card.id;
  menu().showPopover();
  (menu().querySelector("[autofocus]") ?? menu().querySelector("button, summary, a"))?.focus();
}

// True when the card went; a refusal has its reason in the notice.
export async function move(card, values) {
  const { id, version } = card.dataset;
  await htmx
    .ajax("POST", `/tasks/${id}/move/`, { target: "#board", swap: "outerHTML", values: { version, back: back(), ...values } })
    .catch(() => {});
  // Not done yet, since something is open: what is missing can be done at once, beside the board.
  const isOpen = card.isConnected && values.status === "done" && document.querySelector("#notice li:not([data-field])");
  if (isOpen) open(`/tasks/${id}/finish/`, card.querySelector("a"));
  return !card.isConnected;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#board [data-move]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openMenu(link.closest(".task-card"));
});
// While a move is on its way nobody else's news takes the board from under its answer.
const onItsWay = ({ detail }, is) => detail.target?.id === "board" && document.getElementById("board-columns")?.toggleAttribute("data-dragging", is);
document.addEventListener("htmx:beforeRequest", (event) => onItsWay(event, true));
document.addEventListener("htmx:afterRequest", (event) => onItsWay(event, false));
// Sent from the menu: once the board is new, the menu goes and the reader stands on the card again.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id !== "board" || !menu()?.matches(":popover-open")) return;
  const opener = menu().dataset.opener;
  menu().hidePopover();
  document.querySelector(`#${opener} > a`)?.focus({ preventScroll: true });
});

function beside(card, across) {
  const cell = card.closest(".cell");
  const row = [...cell.parentElement.querySelectorAll(":scope > .cell")];
  const nth = [...cell.querySelectorAll(".task-card")].indexOf(card);
  for (let at = row.indexOf(cell) + across; row[at]; at += across) {
    const there = row[at].querySelectorAll(".task-card");
    if (there.length) return there[Math.min(nth, there.length - 1)];
  }
  return null;
}
const along = (card, by) => cards()[cards().indexOf(card) + by];
const WAYS = {
  j: (card) => along(card, 1),
  k: (card) => along(card, -1),
  l: (card) => beside(card, 1),
  h: (card) => beside(card, -1),
};
const ARROWS = { ArrowDown: "j", ArrowUp: "k", ArrowRight: "l", ArrowLeft: "h" };

document.addEventListener("keydown", (event) => {
  if (!board() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const card = event.target.closest("#board .task-card");
  if (isOff() && event.key.length === 1) return;
  const key = card ? (ARROWS[event.key] ?? event.key) : event.key;
  if (WAYS[key]) {
    event.preventDefault();
    const next = card ? WAYS[key](card) : cards()[0];
    next?.querySelector("a").focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  } else if (card?.querySelector("[data-move]") && (key === "m" || key === "x")) {
    event.preventDefault();
    if (key === "m") openMenu(card);
    else move(card, { status: "done" });
  }
});

// A choice made with the pointer closes the filters; keys walk on through them.
document.addEventListener("change", ({ target }) => {
  if (target.matches(".filter-menu select") && !target.matches(":focus-visible")) target.closest("details").open = false;
});

// On a narrow screen the strip says which column is in view.
function mark() {
  const strip = document.querySelector("#board .board-jumps");
  const columns = document.querySelector("#board .board:not([data-quadrants])");
  if (!strip?.clientWidth || !columns) return;
  const { left } = columns.getBoundingClientRect();
  const far = [...columns.querySelectorAll(".board-heads h2")].map((head) => Math.abs(head.getBoundingClientRect().left - left));
  const isEnd = columns.scrollLeft && columns.scrollLeft + columns.clientWidth > columns.scrollWidth - 2;
  const now = isEnd ? far.length - 1 : far.indexOf(Math.min(...far));
  for (const [nth, link] of [...strip.children].entries()) {
    if (nth !== now) link.removeAttribute("aria-current");
    else if (!link.ariaCurrent) {
      link.ariaCurrent = "true";
      strip.scrollTo({ left: link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2 });
    }
  }
}
document.addEventListener("scroll", ({ target }) => target.id === "board-columns" && mark(), { capture: true, passive: true });
document.addEventListener("htmx:afterSettle", mark);
mark();
