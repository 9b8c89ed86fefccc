// What a form holds: reads it, puts it back, tells whether two contents are the same. Knows no field by name.
const PASSED_OVER = new Set(["hidden", "submit", "button", "reset", "file"]);

export const typedControls = (form) => Array.from(form.elements)
  .filter((control) => control.name && control.matches("input, select, textarea") && !PASSED_OVER.has(control.type));
const ownWords = (element) => {
  const words = element && Array.from(element.childNodes).find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return words ? words.data.trim() : element ? element.textContent.trim() : "";
};
const labelOf = (control) => ownWords(control.labels && control.labels[0]) || control.getAttribute("aria-label") || "";
const questionOf = (control) => {
  const group = control.type === "radio" && control.closest("fieldset");
  return (group && ownWords(group.querySelector("legend"))) || labelOf(control) || control.name;
};
// How a control is read: as it stands now, or as it stood when the page came.
const NOW = { isOn: (control) => control.checked, option: (control) => control.selectedOptions[0], text: (control) => control.value };
const AS_IT_CAME = {
  isOn: (control) => control.defaultChecked,
  option: (control) => Array.from(control.options).find((option) => option.defaultSelected) || control.options[0],
  text: (control) => control.defaultValue,
};
// Returns [value, what people read]; the value is null where nothing is chosen.
const answerOf = (control, as) => {
  if (["radio", "checkbox"].includes(control.type)) {
    return as.isOn(control) ? [control.value, control.type === "radio" ? labelOf(control) : "是"] : [null, ""];
  }
  if (!control.matches("select")) return [as.text(control), as.text(control)];
  const option = as.option(control);
  return option ? [option.value, option.text] : [null, ""];
};

// Returns [{name, label, values, shown, isText}] in the order of the page; `shown` is what people read.
const read = (form, as) => {
  const fields = new Map();
  typedControls(form).forEach((control) => {
    const { name } = control;
    if (!fields.has(name)) {
      fields.set(name, { name, label: questionOf(control), values: [], shown: "", isText: control.matches("textarea") });
    }
    const field = fields.get(name);
    const [value, shown] = answerOf(control, as);
    if (value === null) return;
    field.values.push(value);
    field.shown = field.shown ? `${field.shown}、${shown}` : shown;
  });
  return Array.from(fields.values());
};
export const of = (form) => read(form, NOW);
// What the server sent: a page can be typed into before its scripts run.
export const asItCame = (form) => read(form, AS_IT_CAME);
export const putInto = (form, content) => {
  const byName = new Map(content.map(({ name, values }) => [name, Array.from(values)]));
  typedControls(form).forEach((control) => {
    const values = byName.get(control.name);
    if (!values) return;
    if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
    else control.value = values.length ? values.shift() : "";
  });
};
// Returns [[field of mine, field of theirs]] where the two say different things; a box that is missing is empty.
export const differing = (mine, theirs) => {
  const others = new Map(theirs.map((field) => [field.name, field]));
  return mine
    .map((field) => [field, others.get(field.name) || { ...field, values: [], shown: "" }])
    .filter(([one, other]) => JSON.stringify(one.values.filter(Boolean)) !== JSON.stringify(other.values.filter(Boolean)));
};
export const same = (mine, theirs) => differing(mine, theirs).length === 0;
// Both texts one below the other; where there is nothing to join, mine.
export const joined = (mine, theirs) => {
  const others = new Map(theirs.map((field) => [field.name, field]));
  return mine.map((field) => {
    const other = others.get(field.name);
    if (!field.isText || !other || other.values[0] === field.values[0]) return field;
    return { ...field, values: [[field.values[0], other.values[0]].filter(Boolean).join("\n")] };
  });
};
