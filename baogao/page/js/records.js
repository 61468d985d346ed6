"use strict";

// Words and sort keys of ledger records.

function sentenceEnd(record) {
  return record.sentence_start + Array.from(record.sentence).length;
}

function recordName(record) {
  return record.item ?? record.document ?? record.count?.text ?? record.sentence;
}

function recordLine(record) {
  return [record.action, recordName(record), record.count?.text].filter(Boolean).join(" ");
}

/** A figure to sort and draw by: the value, else the middle of its bounds, else the one bound. */
function figureOf(count) {
  if (!count) return null;
  if (count.value !== null) return count.value;
  if (count.lower !== null && count.upper !== null) return (count.lower + count.upper) / 2;
  return count.lower ?? count.upper;
}

/** The normalised count where it says more than the text: `360–370`, `≥ 30`, `≈ 28 亿`. */
function normalisedCount(count) {
  if (!count || figureOf(count) === null) return null;
  const { value, lower, upper } = count;
  if (!count.approximate) return count.text.includes(String(value)) ? null : formatNumber(value);
  if (lower !== null && upper !== null) return `${formatNumber(lower)}–${formatNumber(upper)}`;
  if (lower !== null) return `≥ ${formatNumber(lower)}`;
  if (upper !== null) return `≤ ${formatNumber(upper)}`;
  return `≈ ${formatNumber(value)}`;
}

const LAST_DAY = /-(?:0[13578]-31|1[02]-31|0[469]-30|11-30|02-2[89])$/;

/** An ISO interval in the coarsest unit that both its ends complete: years, months or days. */
function formatPeriod({ start, end }) {
  if (!start || !end) return start ?? end;
  const wholeYears = start.endsWith("-01-01") && end.endsWith("-12-31");
  const wholeMonths = start.endsWith("-01") && LAST_DAY.test(end);
  const length = wholeYears ? "2022".length : wholeMonths ? "2022-01".length : "2022-01-01".length;
  const [from, to] = [start.slice(0, length), end.slice(0, length)];
  return from === to ? from : `${from} – ${to}`;
}

function isDated(record) {
  return Boolean(record.period?.start || record.period?.end);
}

function countBy(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
