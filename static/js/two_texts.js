// Two contents for one form, side by side, to choose or to join: a colleague's against mine, the server's against this computer's.
import * as contents from "./contents.js";
import { mark } from "./differences.js";

const standing = (form) => form.querySelector(".two-texts");
const line = (field, words) => {
  const term = Object.assign(document.createElement("dt"), { textContent: field.label });
  const text = document.createElement("dd");
  text.className = "preserve-lines";
  text.append(field.shown ? words : "（空）");
  return [term, text];
};

// `kind` names the template ("conflict" or "draft"); `titles` head the columns; `choose` gets "mine", "theirs" or "both".
export const offer = (form, { kind, titles, mine, theirs, choose }) => {
  withdraw(form);
  const panel = document.getElementById(`two-texts-${kind}`).content.firstElementChild.cloneNode(true);
  const [ours, others] = [panel.querySelector("[data-side=mine]"), panel.querySelector("[data-side=theirs]")];
  ours.querySelector("h4").append(titles.mine);
  others.querySelector("h4").append(titles.theirs);
  const pairs = contents.differing(mine, theirs);
  // A name or a day is one or the other.
  if (!pairs.some(([one]) => one.isText)) panel.querySelectorAll("[data-joins]").forEach((part) => part.remove());
  pairs.forEach(([one, other]) => {
    const [left, right] = mark(one.shown, other.shown);
    ours.querySelector("dl").append(...line(one, left));
    others.querySelector("dl").append(...line(other, right));
  });
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    withdraw(form);
    choose(button.dataset.choose);
    // The button that had the focus is gone; another question may have come instead.
    const box = form.querySelector("textarea") || form.querySelector("input:not([type=hidden]):not([readonly])");
    if (standing(form)) show(form);
    else if (box) box.focus();
  });
  form.append(panel);
};
const withdraw = (form) => { if (standing(form)) standing(form).remove(); };
export const show = (form) => {
  const panel = standing(form);
  panel.scrollIntoView({ block: "center" });
  panel.querySelector("button").focus();
};
