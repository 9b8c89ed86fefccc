// 滞后原因: asked of a task that is behind, and only of such; the page holds the question once.
const BEHIND = new Set(["behind", "not_started"]);

const question = (entry) => {
  const pattern = document.getElementById("cause").content.firstElementChild.cloneNode(true);
  pattern.querySelectorAll("[id], [for]").forEach((part) => ["id", "for"].filter((name) => part.hasAttribute(name))
    .forEach((name) => part.setAttribute(name, part.getAttribute(name).replace("entry-0-", `entry-${entry}-`))));
  return pattern;
};
// Asks in `form` what its status asks for: a question that stands there already keeps its answer.
export const ask = (form) => {
  const place = form.querySelector("[data-why]");
  if (!place) return;
  const isAsked = place.childElementCount > 0;
  const status = form.elements.status.value;
  if (BEHIND.has(status) && !isAsked) place.append(question(form.id.replace("entry-form-", "")));
  if (!BEHIND.has(status) && isAsked) place.textContent = "";
};
