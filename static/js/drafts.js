// What was typed into a form that saves by itself and is not acknowledged by the server yet, form by form.
import * as contents from "./contents.js";
import { store } from "./this_browser.js";

export const boxOf = (form) => form.getAttribute("action");
const versionOf = (form) => (form.elements.version ? form.elements.version.value : "");
const titleOf = (form) => {
  const heading = form.closest(".task-card, #header");
  return (heading?.querySelector("h3") || { textContent: "表头" }).textContent;
};

// Keeps what `form` holds now; returns whether that succeeded.
export const keep = (form) =>
  store.drafts.keep({ box: boxOf(form), version: versionOf(form), title: titleOf(form), content: contents.of(form) });
// The server has acknowledged exactly `content`; what was typed since is kept on, now on the new version.
export const acknowledge = (form, content) => {
  store.drafts.forgetHere(boxOf(form));
  if (!contents.same(contents.of(form), content)) keep(form);
};
// Drafts that an earlier or another page left for this form, newest first.
export const leftFor = (form) => store.drafts.leftFor(boxOf(form));

// --- drafts for boxes that are closed now, submitted meanwhile perhaps: to read, to copy, to clear away ----------
export const when = (draft) => new Date(draft.at).toLocaleString("zh-CN", { hour12: false });

const articleOf = (draft, pattern) => {
  const article = pattern.cloneNode(true);
  article.querySelector("h3").textContent = `${draft.title}（${when(draft)}）`;
  draft.content.filter((field) => field.shown).forEach((field) => {
    article.querySelector("dl").append(
      Object.assign(document.createElement("dt"), { textContent: field.label }),
      Object.assign(document.createElement("dd"), { textContent: field.shown, className: "preserve-lines" }),
    );
  });
  return article;
};

// `openBoxes` are the boxes of the forms on this page.
export const showLeftOver = (openBoxes) => {
  const left = store.drafts.leftBelow(`${window.location.pathname}/`).filter((draft) => !openBoxes.has(draft.box));
  if (!left.length) return;
  const panel = document.getElementById("left-drafts").content.firstElementChild.cloneNode(true);
  const pattern = panel.querySelector("article");
  pattern.remove();
  left.forEach((draft) => {
    const article = articleOf(draft, pattern);
    article.querySelector("button").addEventListener("click", () => {
      store.drafts.forget(draft);
      article.remove();
      const next = panel.querySelector("button") || document.getElementById("main");
      if (!panel.querySelector("article")) panel.remove();
      next.focus();
    });
    panel.append(article);
  });
  document.querySelector(".fill-layout").before(panel);
};
