"use strict";

// The dated records: their periods on an axis, and below it the records of each period.

function renderTimeline() {
  const panel = byId("panel-timeline");
  const dated = data.records.filter(isDated);
  const periods = periodsOf(dated);
  const undated = data.records.length - dated.length;
  panel.replaceChildren(
    ...(periods.length > 0
      ? [figure(t("timeline.caption"), periodPlot(periods, figureWidth(panel))), periodList(periods)]
      : [element("p", { class: "empty" }, t("timeline.none"))]),
  );
  if (undated > 0) panel.append(element("p", { class: "hint" }, t("timeline.undated", { count: undated })));
}

/** The distinct periods by their beginning, the longer ones first, each with its records. */
function periodsOf(records) {
  const periods = new Map();
  for (const record of records) {
    const start = record.period.start ?? record.period.end;
    const end = record.period.end ?? record.period.start;
    const key = `${start}/${end}`;
    if (!periods.has(key)) periods.set(key, { start, end, records: [] });
    periods.get(key).records.push(record);
  }
  return [...periods.values()].sort((a, b) => collator.compare(a.start, b.start) || collator.compare(b.end, a.end));
}

function periodPlot(periods, width) {
  const rows = periods.map((period, index) => ({
    index,
    from: new Date(period.start),
    to: dayAfter(period.end),
    title: `${formatPeriod(period)} · ${t("timeline.records", { count: period.records.length })}`,
    count: period.records.length,
    href: `#period-${index}`,
  }));
  const shared = { y: "index", href: "href", title: "title", stroke: "var(--accent)" };
  return Plot.plot({
    width,
    height: rows.length * 18 + 40,
    marginLeft: 20,
    marginRight: 40,
    marginTop: 24,
    marginBottom: 8,
    style: PLOT_STYLE,
    ariaLabel: t("timeline.caption"),
    x: { type: "utc", label: null, nice: true },
    y: { type: "band", axis: null, domain: rows.map((row) => row.index) },
    marks: [
      Plot.axisX({ anchor: "top", ticks: width / 90, tickSize: 0, tickFormat: formatTick }),
      Plot.gridX({ ticks: width / 90, strokeOpacity: 0.12 }),
      Plot.ruleY(rows, { ...shared, x1: "from", x2: "to", strokeWidth: 7, strokeLinecap: "round" }),
      Plot.text(rows, { x: "to", y: "index", text: (row) => String(row.count), textAnchor: "start", dx: 10, fill: "currentColor" }),
    ],
  });
}

/** January stands for its year and the first of a month for the month. */
function formatTick(date) {
  const january = date.getUTCMonth() === 0;
  const first = date.getUTCDate() === 1;
  if (first && january) return String(date.getUTCFullYear());
  const parts = first ? { month: "short" } : { month: "short", day: "numeric" };
  return date.toLocaleDateString(language, { ...parts, timeZone: "UTC" });
}

function dayAfter(day) {
  return new Date(Date.parse(day) + 24 * 60 * 60 * 1000);
}

function periodList(periods) {
  return element("ol", { class: "periods" }, ...periods.map(periodEntry));
}

function periodEntry(period, index) {
  const links = period.records.map((record) => {
    const link = element("button", { type: "button", class: "link", lang: "zh-CN" }, recordLine(record));
    link.addEventListener("click", () => goToSentence(record));
    return element("li", {}, link);
  });
  const heading = element(
    "h3",
    { id: `period-${index}`, tabindex: "-1" },
    element("time", { class: "number", datetime: period.start }, formatPeriod(period)),
    element("small", {}, t("timeline.records", { count: period.records.length })),
  );
  return element("li", {}, heading, element("ul", {}, ...links));
}
