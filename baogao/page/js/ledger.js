"use strict";

// The ledger: a native table. A report has some hundred records, so every row stays in the document and is
// hidden or moved.

const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });
const COLUMNS = {
  position: (record) => record.start,
  item: (record) => recordName(record),
  count: (record) => figureOf(record.count),
  body: (record) => record.body?.name ?? record.body?.text ?? null,
  period: (record) => record.period?.start ?? record.period?.end ?? null,
  confidence: (record) => record.confidence,
};
const haystacks = new Map(data.records.map((record) => [record, searchText(record)]));
const rowOf = new Map();
let sortedBy = { column: "position", descending: false };
let currentRecord = null;

/** All words of a record but its sentence, which it shares with its neighbours. */
function searchText({ sentence, ...record }) {
  const words = [];
  const collect = (value) => {
    if (value !== null && typeof value === "object") Object.values(value).forEach(collect);
    else if (typeof value === "string") words.push(value);
  };
  collect(record);
  return foldText(words.join("\n"));
}

function foldText(text) {
  return text.normalize("NFKC").toLowerCase();
}

/** Without relations that a model has scored there is no confidence to show: those of gold are certain. */
function usedColumns() {
  const scored = data.records.some((record) => record.confidence !== null && record.confidence < 1);
  return Object.keys(COLUMNS).filter((column) => column !== "confidence" || scored);
}

function renderLedger() {
  const columns = usedColumns();
  byId("ledger").tHead.replaceChildren(element("tr", { role: "row" }, ...columns.map(headerCell)));
  rowOf.clear();
  data.records.forEach((record, index) => {
    rowOf.set(record, element("tr", { role: "row", tabindex: "-1" }, ...columns.map((c) => cell(c, record, index))));
  });
  setCurrentRecord(currentRecord);
  renderKinds();
  arrangeRows();
}

function headerCell(column) {
  const button = element("button", { type: "button", "data-column": column }, t(`column.${column}`));
  return element("th", { role: "columnheader", scope: "col", class: column }, button);
}

function cell(column, record, index) {
  const content = {
    position: () => [String(index + 1)],
    item: () => itemContent(record),
    count: () => countContent(record),
    body: () => bodyContent(record),
    period: () => periodContent(record),
    confidence: () => [record.confidence?.toFixed(2)],
  }[column]();
  return element("td", { role: "cell", class: column }, ...content);
}

function itemContent(record) {
  const details = [nameOf("kind", record.kind), record.document === record.item ? null : record.document, record.place];
  return [
    element("span", { lang: "zh-CN" }, element("span", { class: "action" }, record.action ?? ""), recordName(record)),
    element("small", {}, details.filter(Boolean).join(" · ")),
  ];
}

function countContent(record) {
  const normalised = normalisedCount(record.count);
  return [
    record.share_of ? element("small", {}, t("share-of")) : null,
    element("span", { lang: "zh-CN" }, record.count?.text ?? ""),
    normalised ? element("small", { class: "number" }, normalised) : null,
  ];
}

function bodyContent(record) {
  const { body } = record;
  if (!body) return [];
  if (body.inferred) return [inferred(body.name ?? "")];
  const [written, resolved] = [body.text ?? body.name ?? "", body.name];
  return [
    element("span", { lang: "zh-CN" }, written),
    resolved && resolved !== written ? element("small", { lang: "zh-CN" }, resolved) : null,
  ];
}

function periodContent(record) {
  const { period } = record;
  if (!period) return [];
  const interval = isDated(record) ? formatPeriod(period) : period.rrule;
  if (period.inferred) return [inferred(interval ?? "")];
  return [
    element("span", { lang: "zh-CN" }, period.text),
    interval && interval !== period.text ? element("small", { class: "number" }, interval) : null,
  ];
}

function inferred(text) {
  const mark = element("span", { class: "mark", title: t("inferred.hint") }, t("inferred"));
  return element("small", { class: "inferred" }, element("span", { lang: "zh-CN" }, text), " ", mark);
}

function renderKinds() {
  const select = byId("kind");
  const chosen = select.value;
  const options = [...countBy(data.records.map((record) => record.kind))].map(([kind, count]) =>
    element("option", { value: kind }, t("ledger.kind.option", { kind: nameOf("kind", kind), count })),
  );
  const all = element("option", { value: "" }, t("ledger.kind.all", { count: data.records.length }));
  select.replaceChildren(all, ...options);
  select.value = chosen;
}

/** The records that the search and the kind let through, in the order of the table. */
function shownRecords() {
  const words = foldText(byId("search").value).split(/\s+/).filter(Boolean);
  const kind = byId("kind").value;
  return data.records
    .filter((record) => !kind || record.kind === kind)
    .filter((record) => words.every((word) => haystacks.get(record).includes(word)))
    .sort(compareRecords);
}

/** Records without a value in the column come last in either direction. */
function compareRecords(a, b) {
  const key = COLUMNS[sortedBy.column];
  const [left, right] = [key(a), key(b)];
  if (left === null || right === null) return (left === null) - (right === null) || a.start - b.start;
  const order = typeof left === "number" ? left - right : collator.compare(left, right);
  return (sortedBy.descending ? -order : order) || a.start - b.start;
}

function arrangeRows() {
  const shown = shownRecords();
  const rows = shown.map((record) => rowOf.get(record));
  byId("ledger").tBodies[0].replaceChildren(...rows);
  if (rows.length > 0) setTabStop(rows.find((row) => row.tabIndex === 0) ?? rows[0], rows);
  for (const header of byId("ledger").tHead.querySelectorAll("th")) {
    const sorted = header.classList.contains(sortedBy.column);
    header.setAttribute("aria-sort", sorted ? (sortedBy.descending ? "descending" : "ascending") : "none");
  }
  byId("no-rows").hidden = rows.length > 0;
  byId("shown").textContent = t("ledger.shown", { shown: shown.length, total: data.records.length });
  byId("download").textContent = t("ledger.download", { count: shown.length });
}

function sortBy(column) {
  sortedBy = { column, descending: sortedBy.column === column && !sortedBy.descending };
  arrangeRows();
}

function setCurrentRecord(record) {
  currentRecord = record;
  for (const [other, row] of rowOf) {
    if (other === record) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function openRow(row) {
  const [record] = [...rowOf].find(([, other]) => other === row);
  setCurrentRecord(record);
  goToSentence(record);
}

/** Takes the reader to the row of a record, past any filter that hides it. */
function goToRow(record) {
  if (!shownRecords().includes(record)) {
    byId("search").value = "";
    byId("kind").value = "";
    arrangeRows();
  }
  showView("ledger");
  const row = rowOf.get(record);
  setCurrentRecord(record);
  row.focus({ preventScroll: true });
  bringIntoView(row);
}

function addLedgerListeners() {
  const table = byId("ledger");
  const body = table.tBodies[0];
  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) sortBy(button.dataset.column);
  });
  body.addEventListener("click", (event) => {
    if (!isSelectingText()) openRow(event.target.closest("tr"));
  });
  body.addEventListener("focusin", (event) => setTabStop(event.target, [...body.rows]));
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter") openRow(event.target);
    else moveFocus(event, [...body.rows], { ArrowDown: 1, ArrowUp: -1 });
  });
  byId("search").addEventListener("input", arrangeRows);
  byId("kind").addEventListener("change", arrangeRows);
  byId("ledger-controls").addEventListener("submit", (event) => event.preventDefault());
  byId("download").addEventListener("click", downloadCsv);
}
