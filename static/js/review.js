// Reviewing: one report by keyboard alone, reasons typed so far kept on this computer until they are sent.
"use strict";

(() => {
  const SENT = "review-sent";
  const KEYS_OFF = "review-keys-off";
  const returnForm = document.getElementById("return-form");

  // --- Reasons: whoever closes the browser finds them again ------------------------------------------------
  // What was sent is forgotten on the next page, unless that is the same form with a refusal.
  const sent = sessionStorage.getItem(SENT);
  if (sent && (!returnForm || returnForm.dataset.keep !== sent)) localStorage.removeItem(sent);
  sessionStorage.removeItem(SENT);
  if (!document.querySelector("[data-entry]")) return;

  const entries = Array.from(document.querySelectorAll("[data-entry]"));
  const boxes = returnForm ? Array.from(returnForm.elements).filter((box) => box.matches("textarea, select")) : [];
  const isReturning = (entry) =>
    Array.from(entry.querySelectorAll("[data-return-box] textarea, [data-return-box] select")).some((box) => box.value.trim());
  const returning = () => entries.filter(isReturning).length;

  const showReturning = () => {
    entries.forEach((entry) => {
      const mark = document.querySelector(`[data-returning="${entry.dataset.entry}"]`);
      mark.hidden = !isReturning(entry);
      entry.classList.toggle("is-returning", isReturning(entry));
    });
    const line = document.getElementById("returning-count");
    if (line) line.textContent = returning() ? `，拟退回 ${returning()} 项` : "";
  };
  const keep = () => {
    const typed = boxes.filter((box) => box.value.trim()).map((box) => [box.name, box.value]);
    if (typed.length) localStorage.setItem(returnForm.dataset.keep, JSON.stringify(typed));
    else localStorage.removeItem(returnForm.dataset.keep);
    showReturning();
  };
  if (returnForm) {
    const kept = new Map(JSON.parse(localStorage.getItem(returnForm.dataset.keep) || "[]"));
    boxes.forEach((box) => { if (!box.value && kept.has(box.name)) box.value = kept.get(box.name); });
    showReturning();
    boxes.forEach((box) => box.addEventListener("input", keep));
    const forget = () => sessionStorage.setItem(SENT, returnForm.dataset.keep);
    returnForm.addEventListener("submit", forget);
    const accept = document.getElementById("accept");
    const question = accept.dataset.confirm;
    // Before the question is asked (app.js): accepting would leave the reasons unsent.
    accept.addEventListener("submit", () => {
      const open = returning();
      accept.dataset.confirm = open ? `有 ${open} 项写了退回理由，采纳后这些理由不会发出。仍要采纳？` : question;
      forget();
    });
  }

  // --- Ratings and notes -----------------------------------------------------------------------------------
  let goOnFrom = null; // the entry from which `a` goes on once it is saved
  const go = (entry) => {
    if (!entry) return;
    entry.focus({ preventScroll: true });
    entry.scrollIntoView({ block: "start" });
  };
  const after = (entry, step) => entries[Math.min(Math.max(entries.indexOf(entry) + step, 0), entries.length - 1)];

  // After logging in again in another window the page's token is old; the cookie has the one in force.
  document.addEventListener("htmx:configRequest", (event) => {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (cookie) event.detail.parameters.csrfmiddlewaretoken = cookie[1];
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const place = event.detail.target;
    if (!place || !place.id.startsWith("judged-")) return;
    const entry = document.querySelector(`[data-entry="${place.id.slice("judged-".length)}"]`);
    if (event.detail.successful) {
      if (goOnFrom === entry) go(after(entry, 1));
      else entry.focus({ preventScroll: true });
    } else {
      const status = event.detail.xhr.status;
      let line = place.querySelector(".save-state.failed");
      if (!line) {
        line = document.createElement("div");
        line.className = "save-state failed";
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
    htmx.process(form);
    return form;
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("[data-note]") && event.target.open) noteFormIn(event.target);
  }, true);

  // --- Keys ------------------------------------------------------------------------------------------------
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const switchBox = document.getElementById("keys-on");
  switchBox.checked = !localStorage.getItem(KEYS_OFF);
  switchBox.addEventListener("change", () => {
    if (switchBox.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "yes");
  });
  document.querySelector("[data-show-keys]").addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-close-keys]").addEventListener("click", () => dialog.close());

  let last = null; // the entry that was looked at last
  document.addEventListener("focusin", (event) => { last = event.target.closest("[data-entry]") || last; });
  // Each takes the present entry; before any was looked at, going begins at the first and all else is done to it.
  const GOES = new Set(["j", "k", "ArrowRight", "ArrowLeft"]);
  const actions = {
    j: (entry) => go(entry ? after(entry, 1) : entries[0]),
    k: (entry) => go(entry ? after(entry, -1) : entries[0]),
    a: (entry) => {
      const button = entry.querySelector("[data-approve] button:not(:disabled)");
      if (button) { goOnFrom = entry; button.click(); }
    },
    r: (entry) => { const box = entry.querySelector("[data-return-box] textarea"); if (box) box.focus(); },
    o: (entry) => { const details = entry.querySelector(".last-period"); if (details) details.open = !details.open; },
    n: (entry) => {
      const details = entry.querySelector("[data-note]");
      if (!details) return;
      details.open = true;
      noteFormIn(details).elements.rating.focus();
    },
    e: () => { const button = document.querySelector("#decide button, #decide input:not([type=hidden])"); if (button) button.focus(); },
    "?": () => dialog.showModal(),
  };
  actions.ArrowRight = actions.j;
  actions.ArrowLeft = actions.k;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog.open) return;
    const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select");
    const entry = event.target.closest("[data-entry]");
    if (event.key === "Escape" && isTyping && entry) entry.focus({ preventScroll: true });
    if (isTyping || !switchBox.checked || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key](entry || last || (GOES.has(event.key) ? null : entries[0]));
  });
})();
