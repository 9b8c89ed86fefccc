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
