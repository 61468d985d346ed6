"use strict";

const STRINGS = readJson("strings");
let language = document.documentElement.lang.slice(0, 2);

/** The string of a key in the current language; its {names} are filled in from `values`. */
function t(key, values = {}) {
  return STRINGS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The name of a label or kind; one that is outside the schema stands for itself. */
function nameOf(group, name, part = "") {
  const key = `${group}.${name}${part}`;
  return Object.hasOwn(STRINGS[language], key) ? t(key) : name;
}

function formatNumber(value) {
  return value.toLocaleString(language, { maximumFractionDigits: 4 });
}

function translatePage() {
  for (const node of document.querySelectorAll("[data-i18n]")) node.textContent = t(node.dataset.i18n);
  for (const node of document.querySelectorAll("[data-i18n-label]")) {
    node.setAttribute("aria-label", t(node.dataset.i18nLabel));
  }
  for (const node of document.querySelectorAll("[data-i18n-placeholder]")) {
    node.setAttribute("placeholder", t(node.dataset.i18nPlaceholder));
  }
}
