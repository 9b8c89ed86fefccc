// What was written into a form that the server did not take (log-in expired, page gone, refused): kept in this window for
// its author and offered again; and what log-out does with all that is kept. The unit's own form and the return of a report
// keep their words by themselves.
import * as contents from "./contents.js";
import { fateOf } from "./store.js";
import { store, user } from "./this_browser.js";

const KEPT_OTHERWISE = "[data-autosave], [data-keep], [hx-post]";
const here = window.location.pathname + window.location.search;

const wordsOf = (form) => contents.of(form).filter((field) => field.values.some((value) => value.trim()));
// A choice or a day alone is soon made again; words are not.
const isWritten = (form) => contents.typedControls(form)
  .some((box) => box.matches("textarea, input[type=text], input:not([type])") && box.value.trim());

// On the window: after all that the page has to say, such as a question that was answered with no.
window.addEventListener("submit", (event) => {
  const form = event.target;
  const isKeptOtherwise = form.matches(KEPT_OTHERWISE) || form.querySelector("[type=password]");
  if (event.defaultPrevented || form.method !== "post" || isKeptOtherwise || !isWritten(form)) return;
  store.refused.keep({ page: here, action: form.action, content: wordsOf(form) });
});

const panelFor = (kept, form) => {
  const panel = document.getElementById("kept-words").content.firstElementChild.cloneNode(true);
  kept.content.forEach((field) => panel.querySelector("dl").append(
    Object.assign(document.createElement("dt"), { textContent: field.label }),
    Object.assign(document.createElement("dd"), { textContent: field.shown, className: "preserve-lines" }),
  ));
  const end = (next) => { store.refused.forget(); panel.remove(); next.focus(); };
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

const offer = (kept, form) => {
  const panel = panelFor(kept, form);
  const refusal = document.querySelector("main .alert-danger");
  if (form && !form.closest("details, .d-flex")) form.before(panel);
  else if (refusal) refusal.after(panel);
  else document.getElementById("main").append(panel);
};

const kept = store.refused.get();
if (kept) {
  const form = Array.from(document.forms)
    .find((other) => other.action === kept.action && contents.typedControls(other).length);
  const wasRefused = document.body.matches("[data-not-taken]") || document.querySelector("main .alert-danger") !== null;
  const fate = fateOf(kept, { user, here, wasRefused, standing: form && contents.of(form) });
  if (fate === "forget") store.refused.forget();
  else store.refused.keep({ ...kept, refused: true });
  if (fate === "offer") offer(kept, form);
}

// Whoever logs out on a shared computer leaves nothing behind, but loses nothing unasked.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-logs-out]")) return;
  const count = store.countUnsaved();
  const question = `本机还有 ${count} 处内容没有保存到服务器。退出后，这些内容将从本机清除，不能恢复。\n\n`
    + "点“取消”回去保存；点“确定”清除并退出。";
  if (count && !window.confirm(question)) event.preventDefault();
  else store.clear();
}, true);
