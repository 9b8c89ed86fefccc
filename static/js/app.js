// Behaviour that every page shares. No inline script anywhere: pages opt in by data attributes.
import "./kept_words.js";
import "./stacked.js";

// A form with data-confirm asks before it is sent.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // A second click must not send a form twice; the server refuses it too.
  if (event.target.method === "post" && !event.defaultPrevented) {
    const button = event.submitter || event.target.querySelector("[type=submit]");
    if (button) setTimeout(() => { button.disabled = true; }, 0);
  }
});
// Coming back by the browser's back button finds its buttons alive again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("[type=submit]:disabled").forEach((button) => { button.disabled = false; });
});
// A button with data-print prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A browser drops what goes beyond a box's limit without a word, from a pasted text most of all.
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!(box.maxLength > 0) || event.isComposing) return;
  const isFull = box.value.length >= box.maxLength;
  const standing = box.nextElementSibling && box.nextElementSibling.matches(".box-is-full") ? box.nextElementSibling : null;
  if (standing && !isFull) standing.remove();
  if (standing || !isFull) return;
  const note = Object.assign(document.createElement("div"), {
    className: "gap-note box-is-full",
    textContent: `已到 ${box.maxLength} 字的上限，超出的文字没有放进来，请核对末尾。`,
  });
  note.setAttribute("role", "status");
  box.after(note);
});

// --- What did not reach the server is said ----------------------------------------------------------------
// The unit's form, the review's ratings and the upload of a table say it in their own words.
const saysItself = ({ elt, target, requestConfig }) => {
  const form = elt.closest("form[data-autosave]");
  const isSaving = form && requestConfig.path === form.getAttribute("action");
  return isSaving || elt.id === "upload" || elt.id === "status" || (target && target.id.startsWith("judged-"));
};
const WHY = new Map([
  [0, "网络不通，没有办理。请检查网络后再试一次。"],
  [400, "一次提交的内容太多，没有办理。请分几次提交。"],
  [401, "登录已过期，没有办理。请在新窗口登录后，回到本页再试一次。"],
  [403, "登录已过期，没有办理。请在新窗口登录后，回到本页再试一次。"],
  [404, "这项内容已经变动，没有办理。请刷新本页。"],
]);
const sayWhy = (event) => {
  const { target, xhr } = event.detail;
  if (!target || saysItself(event.detail)) return;
  let line = target.querySelector(".not-done");
  if (!line) {
    line = Object.assign(document.createElement("div"), { className: "gap-note not-done" });
    line.setAttribute("role", "alert");
    (target.querySelector("form") || target).prepend(line);
  }
  line.textContent = WHY.get(xhr.status) || "服务器没有办理成功，请稍后再试。";
};
document.addEventListener("htmx:responseError", sayWhy);
document.addEventListener("htmx:sendError", sayWhy);

// --- The keyboard is never lost ----------------------------------------------------------------------------
// A part of the page that is drawn anew may take away what had the focus: then what came instead gets it. Otherwise
// Tab would begin at the head of the page again.
const CAN_HAVE_IT = "[autofocus], input:not([type=hidden]), select, textarea, summary, a[href], button";
const had = new WeakMap(); // request → what had the focus when it was sent, and when it was answered
const isGone = (element) => element !== document.body && !element.isConnected;
const note = (event) => {
  const { xhr } = event.detail;
  had.set(xhr, [...(had.get(xhr) || []), document.activeElement]);
};
document.addEventListener("htmx:beforeRequest", note);
document.addEventListener("htmx:beforeSwap", note);
document.addEventListener("htmx:afterSettle", (event) => {
  const { xhr, target } = event.detail;
  if (document.activeElement !== document.body || !(had.get(xhr) || []).some(isGone)) return;
  const part = document.getElementById(target.id) || event.target;
  const form = part.closest("form");
  const next = part.querySelector(CAN_HAVE_IT) || (form && form.querySelector("textarea")) || document.getElementById("main");
  next.focus();
});
document.addEventListener("close.bs.alert", () => setTimeout(() => {
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
}, 0));
