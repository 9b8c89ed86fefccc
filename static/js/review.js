// Reviewing: one report by keyboard alone, reasons typed so far kept on this computer until they are sent.
import { keepReasons } from "./reasons.js";
import { listenToKeys } from "./review_keys.js";
import { csrfToken, store } from "./this_browser.js";

const returnForm = document.getElementById("return-form");
const entries = Array.from(document.querySelectorAll("[data-entry]"));

store.reasons.settle(returnForm ? returnForm.dataset.keep : "");
if (returnForm) keepReasons(returnForm, document.getElementById("accept"), entries);

// --- Ratings and notes -------------------------------------------------------------------------------------
let goOnFrom = null; // the entry from which `a` goes on once it is saved
const go = (entry) => {
  if (!entry) return;
  entry.focus({ preventScroll: true });
  entry.scrollIntoView({ block: "start" });
};
const after = (entry, step) => entries[Math.min(Math.max(entries.indexOf(entry) + step, 0), entries.length - 1)];

document.addEventListener("htmx:configRequest", (event) => {
  if (csrfToken()) event.detail.parameters.csrfmiddlewaretoken = csrfToken();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const place = event.detail.target;
  if (!place || !place.id.startsWith("judged-")) return;
  const entry = document.querySelector(`[data-entry="${place.id.slice("judged-".length)}"]`);
  if (event.detail.successful) {
    if (goOnFrom === entry) go(after(entry, 1));
    else entry.focus({ preventScroll: true });
  } else {
    const { status } = event.detail.xhr;
    let line = place.querySelector(".save-state.failed");
    if (!line) {
      line = Object.assign(document.createElement("div"), { className: "save-state failed" });
      line.setAttribute("role", "alert");
      place.prepend(line);
    }
    if (status === 401 || status === 403) line.textContent = "登录已过期，没有保存。请在新窗口登录后回到本页再点一次。";
    else line.textContent = status ? "服务器没有保存成功，请稍后再试。" : "网络不通，没有保存，请稍后再试。";
  }
  goOnFrom = null;
});

// The page holds the boxes once: an entry gets a copy of its own when they are opened.
const noteFormIn = (details) => {
  const standing = details.querySelector("form");
  if (standing) return standing;
  const { entry } = details.closest("[data-entry]").dataset;
  const form = document.getElementById("note-form").content.firstElementChild.cloneNode(true);
  const address = details.parentElement.querySelector("[data-approve]").getAttribute("action");
  ["action", "hx-post"].forEach((name) => form.setAttribute(name, address));
  form.setAttribute("hx-target", `#judged-${entry}`);
  form.querySelectorAll("[id], [for]").forEach((part) => ["id", "for"].filter((name) => part.hasAttribute(name))
    .forEach((name) => part.setAttribute(name, part.getAttribute(name).replace("note-0-", `note-${entry}-`))));
  form.elements.rating.value = details.dataset.rating;
  details.append(form);
  window.htmx.process(form);
  return form;
};
document.addEventListener("toggle", (event) => {
  if (event.target.matches("[data-note]") && event.target.open) noteFormIn(event.target);
}, true);

// --- Questions that become reasons; what came back alone ------------------------------------------------------
document.addEventListener("click", (event) => {
  const asking = event.target.closest("[data-ask]");
  const box = asking && asking.closest("[data-entry]").querySelector("[data-return-box] textarea");
  if (!box) return;
  box.value = [box.value.trim(), asking.dataset.ask].filter(Boolean).join("\n");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  asking.disabled = true;
  box.focus();
});
const only = document.querySelector("[data-only-again]");
if (only) only.addEventListener("click", () => {
  const isOn = only.getAttribute("aria-pressed") !== "true";
  only.setAttribute("aria-pressed", String(isOn));
  document.querySelectorAll(".fill-layout li, [data-entry]").forEach((part) => {
    if (part.matches("[data-entry], .task-list li")) part.hidden = isOn && !part.matches("[data-again]");
  });
});

// --- Keys ----------------------------------------------------------------------------------------------------
// Each takes the present entry.
const focusOn = (box) => { if (box) box.focus(); };
const moves = {
  j: (entry) => go(entry ? after(entry, 1) : entries[0]),
  k: (entry) => go(entry ? after(entry, -1) : entries[0]),
  a: (entry) => {
    const button = entry.querySelector("[data-approve] button:not(:disabled)");
    if (button) { goOnFrom = entry; button.click(); }
  },
  r: (entry) => focusOn(entry.querySelector("[data-return-box] textarea")),
  q: (entry) => { const button = entry.querySelector("[data-ask]:not(:disabled)"); if (button) button.click(); },
  o: (entry) => { const details = entry.querySelector(".last-period"); if (details) details.open = !details.open; },
  n: (entry) => {
    const details = entry.querySelector("[data-note]");
    if (!details) return;
    details.open = true;
    noteFormIn(details).elements.rating.focus();
  },
  e: () => focusOn(document.querySelector("#decide button, #decide input:not([type=hidden])")),
};
listenToKeys(document.getElementById("keys"), entries, moves);
