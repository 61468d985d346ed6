"use strict";

// The report: paragraphs of pieces (cut where ledger sentences begin and end) that hold the entities.
// Offsets count code points, so the text is taken apart as code points first.

const data = readJson("data");
const characters = Array.from(data.text);
const entityNodes = [];
const pieceNodes = [];
const relationsOf = data.entities.map(() => []);
for (const relation of data.relations) {
  relationsOf[relation.head].push({ relation, other: relation.tail, direction: "out" });
  relationsOf[relation.tail].push({ relation, other: relation.head, direction: "in" });
}
const hiddenLabels = new Set();
let selectedEntity = null;

function textBetween(start, end) {
  return characters.slice(start, end).join("");
}

function entityText(index) {
  const { start, end } = data.entities[index];
  return textBetween(start, end);
}

/** Whether an entity is (part of) the anchor of a ledger record. */
function touches(record, index) {
  const { start, end } = data.entities[index];
  return record.start < end && record.end > start;
}

function renderReport() {
  const inside = offsetsInsideEntities();
  const cuts = sentenceCuts(inside);
  const article = byId("text");
  let nextEntity = 0;
  for (const [start, end] of paragraphs(inside)) {
    const paragraph = element("p", { class: paragraphClass(start, end) });
    const bounds = [start, ...cuts.filter((cut) => cut > start && cut < end), end];
    for (let i = 0; i + 1 < bounds.length; i += 1) {
      nextEntity = appendPiece(paragraph, bounds[i], bounds[i + 1], nextEntity);
    }
    article.append(paragraph);
  }
  addReportListeners(article);
}

function offsetsInsideEntities() {
  const inside = new Set();
  for (const { start, end } of data.entities) {
    for (let offset = start + 1; offset < end; offset += 1) inside.add(offset);
  }
  return inside;
}

/** Where ledger sentences begin and end; an entity is never cut. */
function sentenceCuts(inside) {
  const cuts = new Set();
  for (const record of data.records) cuts.add(record.sentence_start).add(sentenceEnd(record));
  return [...cuts].filter((cut) => !inside.has(cut)).sort((a, b) => a - b);
}

/** Start and end of each line that is not blank; a line break inside an entity does not end one. */
function paragraphs(inside) {
  const found = [];
  let start = 0;
  for (let offset = 0; offset <= characters.length; offset += 1) {
    const ends = offset === characters.length || (characters[offset] === "\n" && !inside.has(offset));
    if (!ends) continue;
    if (textBetween(start, offset).trim()) found.push([start, offset]);
    start = offset + 1;
  }
  return found;
}

/** Titles, datelines and headings of the report, known by their form, are set apart from running text. */
function paragraphClass(start, end) {
  const line = textBetween(start, end).trim();
  if (start === 0 && end - start <= 60) return "title";
  if (/[。;;::!!??,,]$/.test(line) || end - start > 40) return null;
  return /^[一二三四五六七八九十]+、/.test(line) ? "heading" : "line";
}

function appendPiece(paragraph, start, end, nextEntity) {
  const piece = element("span", { class: "piece", tabindex: "-1" });
  let offset = start;
  let index = nextEntity;
  while (index < data.entities.length && data.entities[index].start < end) {
    const entity = data.entities[index];
    piece.append(textBetween(offset, entity.start), renderEntity(entity, index));
    offset = entity.end;
    index += 1;
  }
  piece.append(textBetween(offset, end));
  pieceNodes.push({ start, end, node: piece });
  paragraph.append(piece);
  return index;
}

function renderEntity(entity, index) {
  const node = element(
    "span",
    { class: "entity", id: `entity-${index}`, role: "button", tabindex: "-1", "data-label": entity.label },
    textBetween(entity.start, entity.end),
  );
  entityNodes.push(node);
  return node;
}

function nameEntities() {
  entityNodes.forEach((node, index) => {
    const label = nameOf("label", data.entities[index].label);
    node.setAttribute("aria-label", `${entityText(index)} (${label})`);
    node.dataset.tag = label;
  });
}

function visibleEntityNodes() {
  return entityNodes.filter((node) => !node.classList.contains("off"));
}

function addReportListeners(article) {
  const indexOf = (event) => {
    const node = event.target.closest(".entity:not(.off)");
    return node ? entityNodes.indexOf(node) : null;
  };
  article.addEventListener("pointerover", (event) => previewEntity(indexOf(event)));
  article.addEventListener("pointerleave", () => previewEntity(null));
  article.addEventListener("focusout", () => previewEntity(null));
  article.addEventListener("focusin", (event) => {
    const index = indexOf(event);
    if (index === null) return;
    setTabStop(entityNodes[index], entityNodes);
    previewEntity(index);
  });
  article.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index !== null && !isSelectingText()) selectEntity(index === selectedEntity ? null : index);
  });
  article.addEventListener("keydown", (event) => {
    const index = indexOf(event);
    if (index === null) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      selectEntity(index);
    } else {
      moveFocus(event, visibleEntityNodes(), { ArrowRight: 1, ArrowLeft: -1 });
    }
  });
}

function previewEntity(index) {
  markRelated(index ?? selectedEntity);
  showInInspector(index ?? selectedEntity);
}

function selectEntity(index) {
  selectedEntity = index;
  entityNodes.forEach((node, i) => node.setAttribute("aria-pressed", i === index));
  document.body.classList.toggle("has-selection", index !== null);
  previewEntity(null);
}

/** Selects an entity and takes the reader to it. */
function goToEntity(index) {
  showLabel(data.entities[index].label);
  selectEntity(index);
  showReport();
  entityNodes[index].focus({ preventScroll: true });
  bringIntoView(entityNodes[index]);
}

function markRelated(index) {
  for (const node of document.querySelectorAll(".entity.active, .entity.related")) {
    node.classList.remove("active", "related");
  }
  if (index === null) return;
  entityNodes[index].classList.add("active");
  for (const { other } of relationsOf[index]) entityNodes[other].classList.add("related");
}

/** Highlights a ledger record's sentence and its anchor, and takes the reader there. */
function goToSentence(record) {
  const end = sentenceEnd(record);
  for (const node of document.querySelectorAll("#text .lit")) node.classList.remove("lit");
  const pieces = pieceNodes.filter((piece) => piece.start < end && piece.end > record.sentence_start);
  for (const { node } of pieces) node.classList.add("lit");
  const anchors = entityNodes.filter((_, index) => touches(record, index));
  for (const node of anchors) node.classList.add("lit");
  showReport();
  byId("announcement").textContent = t("ledger.located", { sentence: record.sentence });
  if (pieces.length === 0) return;
  pieces[0].node.focus({ preventScroll: true });
  bringIntoView(anchors[0] ?? pieces[0].node);
}

function labelsOfReport() {
  const counts = countBy(data.entities.map((entity) => entity.label));
  const known = Object.keys(STRINGS.en).filter((key) => key.startsWith("label."));
  const order = known.map((key) => key.slice("label.".length));
  const rank = (label) => (order.includes(label) ? order.indexOf(label) : order.length);
  return [...counts].sort(([a], [b]) => rank(a) - rank(b));
}

function renderLegend() {
  const chips = labelsOfReport().map(([label, count]) => {
    const box = element("input", { type: "checkbox", value: label });
    box.checked = !hiddenLabels.has(label);
    const sample = element("span", { class: "swatch", "data-label": label }, nameOf("label", label));
    return element("label", { class: "chip" }, box, sample, element("span", { class: "number" }, String(count)));
  });
  byId("legend").replaceChildren(...chips);
}

function showLabel(label, shown = true) {
  if (shown) hiddenLabels.delete(label);
  else hiddenLabels.add(label);
  applyFilter();
}

/** An entity of a hidden label reads as plain text, to a screen reader too. */
function applyFilter() {
  for (const node of entityNodes) {
    const off = hiddenLabels.has(node.dataset.label);
    node.classList.toggle("off", off);
    if (off) node.removeAttribute("role");
    else node.setAttribute("role", "button");
  }
  for (const box of document.querySelectorAll("#legend input")) box.checked = !hiddenLabels.has(box.value);
  const visible = visibleEntityNodes();
  setTabStop(visible.find((node) => node.tabIndex === 0) ?? visible[0], entityNodes);
  if (selectedEntity !== null && hiddenLabels.has(data.entities[selectedEntity].label)) selectEntity(null);
}

function addLegendListeners() {
  byId("legend").addEventListener("change", (event) => showLabel(event.target.value, event.target.checked));
  byId("legend-all").addEventListener("click", () => {
    hiddenLabels.clear();
    applyFilter();
  });
  byId("legend-none").addEventListener("click", () => {
    for (const [label] of labelsOfReport()) hiddenLabels.add(label);
    applyFilter();
  });
  byId("tags").addEventListener("change", (event) => byId("text").classList.toggle("tagged", event.target.checked));
}
