// Tells the server which task has the focus and shows who else is on which one. Locks nothing; if it fails, nothing is missed.
"use strict";

(() => {
  const EVERY = 20000; // milliseconds
  const layout = document.querySelector("[data-presence]");
  if (!layout) return;
  let told = null;

  const entryOf = (element) => {
    const form = element && element.closest(".task-card form[data-autosave]");
    return form ? form.getAttribute("action").split("/").pop() : "";
  };
  const show = (others) => layout.querySelectorAll(".task-card form[data-autosave]").forEach((form) => {
    const head = form.closest(".task-card").querySelector(".task-head");
    const words = others[entryOf(form)] || "";
    let line = head.querySelector(".presence");
    if (!line && !words) return;
    if (!line) {
      line = Object.assign(document.createElement("span"), { className: "presence" });
      line.setAttribute("role", "status");
      head.append(line);
    }
    if (line.textContent !== words) line.textContent = words;
  });
  const tell = async () => {
    if (document.hidden) return;
    const entry = entryOf(document.activeElement);
    told = entry;
    const token = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
    const headers = { "X-CSRFToken": token || "", "X-Page-User": document.body.dataset.user, "HX-Request": "true" };
    try {
      const answer = await fetch(layout.dataset.presence, { method: "POST", headers, body: new URLSearchParams({ entry }) });
      if (answer.ok) show((await answer.json()).others);
    } catch (error) {
      show({}); // the network is gone: what is shown would grow old
    }
  };

  setInterval(tell, EVERY);
  document.addEventListener("focusin", () => { if (entryOf(document.activeElement) !== told) tell(); });
  document.addEventListener("visibilitychange", tell);
  tell();
})();
