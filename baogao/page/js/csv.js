"use strict";

// The shown records as CSV (RFC 4180) with the columns of baogao/output/rows.py, and a byte order mark so that
// Excel reads it as UTF-8.

const CSV_COLUMNS = {
  report: () => data.title,
  id: (record) => record.id,
  kind: (record) => record.kind,
  body: (record) => record.body?.text,
  body_name: (record) => record.body?.name,
  body_id: (record) => record.body?.id,
  action: (record) => record.action,
  item: (record) => record.item,
  count: (record) => record.count?.text,
  value: (record) => record.count?.value,
  lower: (record) => record.count?.lower,
  upper: (record) => record.count?.upper,
  unit: (record) => record.count?.unit,
  approximate: (record) => record.count?.approximate,
  count_kind: (record) => record.count?.kind,
  share_of: (record) => record.share_of,
  period: (record) => record.period?.text,
  period_start: (record) => record.period?.start,
  period_end: (record) => record.period?.end,
  period_precision: (record) => record.period?.precision,
  period_kind: (record) => record.period?.kind,
  period_rrule: (record) => record.period?.rrule,
  place: (record) => record.place,
  place_code: (record) => record.place_code,
  document: (record) => record.document,
  slogan_id: (record) => record.slogan_id,
  start: (record) => record.start,
  end: (record) => record.end,
  sentence: (record) => record.sentence,
  sentence_start: (record) => record.sentence_start,
  confidence: (record) => record.confidence,
  inferred: (record) => record.inferred.join(","),
};

function csvOf(records) {
  const columns = Object.values(CSV_COLUMNS);
  const rows = records.map((record) => columns.map((column) => csvCell(column(record))));
  return [Object.keys(CSV_COLUMNS), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  // A spreadsheet runs text that begins like a formula (OWASP: CSV injection); the apostrophe stops it.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function downloadCsv() {
  const file = new Blob(["\ufeff", csvOf(shownRecords())], { type: "text/csv" });
  const url = URL.createObjectURL(file);
  const name = data.title.replace(/[\\/:*?"<>|\p{C}]+/gu, " ").trim().slice(0, 80) || "baogao";
  element("a", { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
