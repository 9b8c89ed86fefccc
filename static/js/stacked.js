// On a phone a row of a list is a block of lines: each line but the first, which is its name, says what it is.
const narrow = window.matchMedia("(max-width: 767.98px)");

const name = (table) => {
  const headings = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  if (table.querySelector("thead [colspan], [rowspan]")) return; // its cells are not under their headings
  for (const row of table.querySelectorAll("tbody tr")) {
    if (row.cells.length !== headings.length) continue; // the head of a group, say
    [...row.cells].forEach((cell, i) => {
      const asks = cell.querySelector("input:not([type=hidden]), select, textarea") !== null;
      const offers = cell.querySelector("a.btn, button") !== null || (headings[i] === "操作" && cell.querySelector("a"));
      const says = i > 0 && cell.textContent.trim() !== "" && !offers;
      if (asks || says) cell.dataset.label = headings[i];
    });
  }
};
const nameAll = () => {
  if (narrow.matches) document.querySelectorAll(".stacked table").forEach(name);
};
nameAll();
narrow.addEventListener("change", nameAll);
document.addEventListener("htmx:afterSettle", nameAll);
