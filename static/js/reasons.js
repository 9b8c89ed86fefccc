// Reasons for a return: kept while they are typed, counted where they are, and not lost by accepting.
import { store } from "./this_browser.js";

const isReturning = (entry) =>
  Array.from(entry.querySelectorAll("[data-return-box] textarea, [data-return-box] select")).some((box) => box.value.trim());

export const keepReasons = (returnForm, accept, entries) => {
  const submission = returnForm.dataset.keep;
  const boxes = Array.from(returnForm.elements).filter((box) => box.matches("textarea, select"));
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
    store.reasons.keep(submission, boxes.filter((box) => box.value.trim()).map((box) => [box.name, box.value]));
    showReturning();
  };

  const kept = new Map(store.reasons.of(submission));
  boxes.forEach((box) => { if (!box.value && kept.has(box.name)) box.value = kept.get(box.name); });
  showReturning();
  boxes.forEach((box) => box.addEventListener("input", keep));

  // Before the question is asked (app.js): accepting would leave the reasons unsent.
  const question = accept.dataset.confirm;
  accept.addEventListener("submit", () => {
    const open = returning();
    const state = document.getElementById("decided-count").textContent.trim();
    accept.dataset.confirm = open ? `有 ${open} 项写了退回理由，采纳后这些理由不会发出。仍要采纳？` : `${state}。${question}`;
  });
  // After it was asked.
  document.addEventListener("submit", (event) => {
    if ([returnForm, accept].includes(event.target) && !event.defaultPrevented) store.reasons.wereSent(submission);
  });
};
