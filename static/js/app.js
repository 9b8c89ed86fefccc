// Behaviour that every page shares. No inline script anywhere: pages opt in by data attributes.
"use strict";

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
// A select with data-submit-on-change sends its form at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.submit();
});
// A button with data-print prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// --- The keyboard is never lost ----------------------------------------------------------------------------
// A part of the page that is drawn anew may take away what had the focus: then what came instead gets it. Otherwise
// Tab would begin at the head of the page again.
(() => {
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
})();
