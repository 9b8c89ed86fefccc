// What was written into a form that the server did not take (log-in expired, page gone, refused): kept in this window for
// its author and offered again. The unit's own form has drafts.js, the return of a report its own store (docs/adr/0012).
"use strict";

(() => {
  const KEY = "kept-words";
  const OWN_STORE = "[data-autosave], [data-keep], [hx-post]";
  const user = document.body.dataset.user || "";
  const here = window.location.pathname + window.location.search;

  // Storage can be forbidden or full: then nothing is kept, and nothing breaks.
  const inStorage = (use) => { try { return use(window.sessionStorage); } catch (error) { return null; } };
  const read = () => inStorage((storage) => JSON.parse(storage.getItem(KEY)));
  const write = (kept) => inStorage((storage) => storage.setItem(KEY, JSON.stringify(kept)));
  const forget = () => inStorage((storage) => storage.removeItem(KEY));

  const wordsOf = (form) => contents.of(form).filter((field) => field.values.some((value) => value.trim()));
  // A choice or a day alone is soon made again; words are not.
  const isWritten = (form) => contents.typedControls(form)
    .some((box) => box.matches("textarea, input[type=text], input:not([type])") && box.value.trim());

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-logs-out]")) { forget(); return; }
    if (event.defaultPrevented || form.method !== "post" || form.matches(OWN_STORE) || form.querySelector("[type=password]")) return;
    if (!isWritten(form)) return;
    write({ user, page: here, action: form.action, content: wordsOf(form) });
  });

  const drawn = (kept, form) => {
    const panel = document.getElementById("kept-words").content.firstElementChild.cloneNode(true);
    kept.content.forEach((field) => panel.querySelector("dl").append(
      Object.assign(document.createElement("dt"), { textContent: field.label }),
      Object.assign(document.createElement("dd"), { textContent: field.shown, className: "preserve-lines" }),
    ));
    const end = (next) => { forget(); panel.remove(); next.focus(); };
    const main = document.getElementById("main");
    panel.querySelector("[data-drop]").addEventListener("click", () => end(main));
    const back = panel.querySelector("button[data-put-back]");
    if (!form) panel.querySelectorAll("[data-put-back]").forEach((part) => part.remove());
    else back.addEventListener("click", () => {
      contents.putInto(form, kept.content);
      const folded = form.closest("details");
      if (folded) folded.open = true;
      end(form.querySelector("textarea, input[type=text]") || main);
    });
    return panel;
  };
  const holds = (form, kept) => contents.differing(kept.content, contents.of(form)).length === 0;

  const kept = read();
  if (!kept) return;
  const wasRefused = document.body.matches("[data-not-taken]") || document.querySelector("main .alert-danger") !== null;
  // A page that is no refusal took what was sent; whoever is back at the form itself saw no such page.
  if (!kept.refused && !wasRefused && kept.page !== here) { forget(); return; }
  if (!user) { write({ ...kept, refused: true }); return; } // nobody is logged in: it waits for its author
  if (kept.user !== user) { forget(); return; }
  const form = Array.from(document.forms).find((other) => other.action === kept.action && contents.typedControls(other).length);
  // The server has drawn the form again with all that was typed.
  if (form && holds(form, kept)) { forget(); return; }
  write({ ...kept, refused: true });
  if (!form && !wasRefused) return; // it is offered where it belongs
  const panel = drawn(kept, form);
  const refusal = document.querySelector("main .alert-danger");
  if (form && !form.closest("details, .d-flex")) form.before(panel);
  else if (refusal) refusal.after(panel);
  else document.getElementById("main").append(panel);
})();
