"use strict";

// Three charts. Each row is its label with a bar or dot below it: long Chinese names stay readable on a phone.

const MOST_ROWS = 12;
const ROW_HEIGHT = 38;

function renderCharts() {
  const panel = byId("panel-charts");
  const width = figureWidth(panel);
  panel.replaceChildren(
    chart(t("charts.labels"), labelRows(), width, barMarks),
    chart(t("charts.items"), itemRows(), width, dotMarks, "log"),
    chart(t("charts.slogans"), sloganRows(), width, barMarks),
  );
}

function labelRows() {
  return labelsOfReport()
    .map(([label, value]) => ({
      name: nameOf("label", label),
      value,
      text: formatNumber(value),
      colour: `var(--${label.toLowerCase()}, var(--muted))`,
    }))
    .sort((a, b) => b.value - a.value);
}

/** The largest counts of things (not of money, time or shares), parts of another count left out. */
function itemRows() {
  return data.records
    .filter((record) => record.count?.kind === "count" && !record.share_of && figureOf(record.count) >= 1)
    .map((record) => ({
      name: recordName(record),
      value: figureOf(record.count),
      text: record.count.text,
      colour: "var(--count)",
      href: entityLink(record),
    }))
    .sort((a, b) => b.value - a.value)
    .slice(0, MOST_ROWS);
}

function sloganRows() {
  return data.slogans.slice(0, MOST_ROWS).map(({ name, mentions }) => ({
    name,
    value: mentions.length,
    text: formatNumber(mentions.length),
    colour: "var(--slogan)",
    href: `#entity-${mentions[0]}`,
  }));
}

function entityLink(record) {
  const index = data.entities.findIndex((_, index) => touches(record, index));
  return index < 0 ? null : `#entity-${index}`;
}

function chart(caption, rows, width, marks, type = "linear") {
  if (rows.length === 0) return figure(caption, element("p", { class: "hint" }, t("charts.none")));
  const numbered = rows.map((row, index) => ({ ...row, index }));
  const drawing = Plot.plot({
    width,
    height: numbered.length * ROW_HEIGHT,
    marginLeft: 6,
    marginRight: 88,
    marginTop: 0,
    marginBottom: 4,
    style: PLOT_STYLE,
    ariaLabel: caption,
    x: { axis: null, type, domain: [type === "log" ? 1 : 0, Math.max(2, ...rows.map((row) => row.value))] },
    y: { type: "band", axis: null, domain: numbered.map((row) => row.index), padding: 0 },
    marks: [...marks(numbered), nameMark(numbered)],
  });
  return figure(caption, drawing);
}

function nameMark(rows) {
  return Plot.text(rows, { ...linked(rows), y: "index", text: "name", frameAnchor: "left", textAnchor: "start", dx: -6, dy: -6, fill: "currentColor" });
}

function barMarks(rows) {
  return [
    Plot.barX(rows, { x: "value", y: "index", fill: "colour", insetTop: 24, insetBottom: 8, insetLeft: -6 }),
    Plot.text(rows, { x: "value", y: "index", text: "text", textAnchor: "start", dx: 6, dy: 8, fill: "currentColor" }),
  ];
}

function dotMarks(rows) {
  return [
    Plot.ruleY(rows, { x1: 1, x2: "value", y: "index", dy: 8, stroke: "currentColor", strokeOpacity: 0.15 }),
    Plot.dot(rows, { x: "value", y: "index", r: 4, fill: "colour", dy: 8 }),
    Plot.text(rows, { x: "value", y: "index", text: "text", textAnchor: "start", dx: 10, dy: 8, fill: "currentColor" }),
  ];
}

function linked(rows) {
  return rows.some((row) => row.href) ? { href: "href" } : {};
}
