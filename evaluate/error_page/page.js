"use strict";

// Texts are data: everything reaches the document through textContent.
const rows = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("filters");
const body = document.querySelector("tbody");
const shown = document.getElementById("shown");
const FILTERS = ["what", "kind", "label", "report"];
const sortKeys = {
  what: (row) => row.what,
  kind: (row) => row.kind,
  label: (row) => row.label,
  gold: (row) => row.gold.join(),
  predicted: (row) => row.predicted.join(),
  place: (row) => `${row.report} ${String(row.paragraph).padStart(6, "0")}`,
};
let sorted = { name: null, direction: 1 };

function element(name, text, className) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function searchText(row) {
  return [...row.gold, ...row.predicted, ...row.context.map(([text]) => text)].join(" ");
}

function fillFilters() {
  for (const name of FILTERS) {
    const counts = new Map();
    for (const row of rows) counts.set(row[name], (counts.get(row[name]) ?? 0) + 1);
    const options = [...counts].sort(([a], [b]) => a.localeCompare(b));
    const select = form.elements[name];
    select.add(new Option(`all (${rows.length})`, ""));
    for (const [value, count] of options) select.add(new Option(`${value} (${count})`, value));
  }
}

function tableRow(row) {
  const tr = element("tr");
  tr.append(element("td", row.what), element("td", row.kind.replaceAll("_", " ")), element("td", row.label));
  for (const side of [row.gold, row.predicted]) {
    const cell = element("td");
    cell.append(...side.map((text) => element("div", text)));
    tr.append(cell);
  }
  const context = element("td");
  for (const [text, gold, predicted] of row.context) {
    const classes = [gold && "gold", predicted && "predicted"].filter(Boolean).join(" ");
    context.append(element("span", text, classes));
  }
  tr.append(context, element("td", `${row.report}, ${row.paragraph}`));
  return tr;
}

function show() {
  const text = form.elements.text.value.trim();
  const visible = rows.filter(
    (row) =>
      FILTERS.every((name) => !form.elements[name].value || row[name] === form.elements[name].value) &&
      (!text || searchText(row).includes(text)),
  );
  if (sorted.name) {
    const key = sortKeys[sorted.name];
    visible.sort((a, b) => sorted.direction * key(a).localeCompare(key(b), "zh-CN"));
  }
  body.replaceChildren(...visible.map(tableRow));
  shown.textContent = `${visible.length} of ${rows.length} errors`;
}

for (const button of document.querySelectorAll("[data-sort]")) {
  button.addEventListener("click", () => {
    const name = button.dataset.sort;
    sorted = { name, direction: sorted.name === name ? -sorted.direction : 1 };
    for (const other of document.querySelectorAll("th")) other.removeAttribute("aria-sort");
    button.parentElement.setAttribute("aria-sort", sorted.direction > 0 ? "ascending" : "descending");
    show();
  });
}
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
fillFilters();
show();
