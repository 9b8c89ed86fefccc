// The keys of the review: which entry they are meant for, when they are somebody's typing instead, how they are switched off.
import { store } from "./this_browser.js";

const SWITCH = "review-keys";
// Before any entry was looked at, going begins at the first and all else is done to it.
const GOES = new Set(["j", "k", "ArrowRight", "ArrowLeft"]);

const listen = (dialog, entries, moves) => {
  const switchBox = document.getElementById("keys-on");
  switchBox.checked = store.switches.isOn(SWITCH);
  switchBox.addEventListener("change", () => store.switches.turn(SWITCH, switchBox.checked));
  document.querySelector("[data-show-keys]").addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-close-keys]").addEventListener("click", () => dialog.close());

  let last = null; // the entry that was looked at last
  document.addEventListener("focusin", (event) => { last = event.target.closest("[data-entry]") || last; });
  const actions = { ...moves, ArrowRight: moves.j, ArrowLeft: moves.k, "?": () => dialog.showModal() };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog.open) return;
    const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select");
    const entry = event.target.closest("[data-entry]");
    if (event.key === "Escape" && isTyping && entry) entry.focus({ preventScroll: true });
    if (isTyping || !switchBox.checked || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key](entry || last || (GOES.has(event.key) ? null : entries[0]));
  });
};

// `dialog` explains the keys; a page without it, or without an entry, has none.
export const listenToKeys = (dialog, entries, moves) => { if (dialog && entries.length) listen(dialog, entries, moves); };
