"use strict";

// The selected entity: its label, its relations and its ledger records, as text.

let inspectedEntity = null;

/** Leaves what it shows in place if that stays the same: a button replaced while it is pressed is not clicked. */
function showInInspector(index) {
  if (index === inspectedEntity) return;
  inspectedEntity = index;
  renderInspector();
}

function renderInspector() {
  const inspector = byId("inspector");
  const index = inspectedEntity;
  if (index === null) {
    inspector.replaceChildren(element("p", { class: "hint" }, t("inspector.hint")));
    return;
  }
  inspector.replaceChildren(inspectorHeading(index), inspectorLinks(index));
}

function inspectorHeading(index) {
  const { label } = data.entities[index];
  const close = element("button", { type: "button", class: "close", "aria-label": t("inspector.close") }, "×");
  close.addEventListener("click", () => {
    selectEntity(null);
    entityNodes[index].focus({ preventScroll: true });
    entityNodes[index].blur();
  });
  return element(
    "h2",
    {},
    element("span", { class: "swatch", "data-label": label }, nameOf("label", label)),
    element("span", { lang: "zh-CN" }, entityText(index)),
    close,
  );
}

function inspectorLinks(index) {
  const links = [
    ...relationsOf[index].map(relationLink),
    ...data.records.filter((record) => touches(record, index)).map(recordLink),
  ];
  if (links.length === 0) return element("p", { class: "hint" }, t("inspector.no-relations"));
  return element("ul", {}, ...links.map((link) => element("li", {}, link)));
}

function relationLink({ relation, other, direction }) {
  const name = element("span", { class: "relation", title: relation.label }, nameOf("relation", relation.label, `.${direction}`));
  const swatch = element("span", { class: "swatch", lang: "zh-CN", "data-label": data.entities[other].label }, entityText(other));
  const score = relation.score < 1 ? element("span", { class: "number" }, relation.score.toFixed(2)) : null;
  const link = element("button", { type: "button", class: "link" }, name, swatch, score);
  link.addEventListener("click", () => goToEntity(other));
  return link;
}

function recordLink(record) {
  const link = element("button", { type: "button", class: "link" }, t("inspector.record", { name: recordLine(record) }));
  link.addEventListener("click", () => goToRow(record));
  return link;
}
