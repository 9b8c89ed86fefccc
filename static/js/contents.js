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
const answerOf = (control) => {
  if (control.type === "radio") return labelOf(control);
  if (control.type === "checkbox") return "是";
  return control.matches("select") ? Array.from(control.selectedOptions, (option) => option.text).join("、") : control.value;
};

// Returns [{name, label, values, shown, isText}] in the order of the page; `shown` is what people read.
export const of = (form) => {
  const fields = new Map();
  typedControls(form).forEach((control) => {
    const { name } = control;
    if (!fields.has(name)) {
      fields.set(name, { name, label: questionOf(control), values: [], shown: "", isText: control.matches("textarea") });
    }
    const field = fields.get(name);
    if (["radio", "checkbox"].includes(control.type) && !control.checked) return;
    field.values.push(control.value);
    field.shown = field.shown ? `${field.shown}、${answerOf(control)}` : answerOf(control);
  });
  return Array.from(fields.values());
};
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
