"use strict";

const VIEWS = ["report", "ledger", "timeline", "charts"];
const FIGURES = { timeline: renderTimeline, charts: renderCharts };

/** On a wide screen the report stands beside the other views; on a narrow one it is a view of its own. */
function showView(view) {
  const wanted = view === "report" && !isNarrow() ? "ledger" : view;
  document.body.dataset.view = wanted;
  for (const name of VIEWS) {
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", name === wanted);
    tab.tabIndex = name === wanted ? 0 : -1;
    if (name !== "report") byId(`panel-${name}`).hidden = name !== wanted;
  }
  FIGURES[wanted]?.();
}

function showReport() {
  if (isNarrow()) showView("report");
}

function setLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : chosen;
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", button.dataset.language === chosen);
  }
  translatePage();
  byId("summary").textContent = t("summary", {
    characters: formatNumber(characters.length),
    entities: formatNumber(data.entities.length),
    relations: formatNumber(data.relations.length),
    records: formatNumber(data.records.length),
  });
  nameEntities();
  renderLegend();
  renderLedger();
  renderInspector();
  FIGURES[document.body.dataset.view]?.();
}

/** Escape leads back to the row whose sentence was opened, else it clears the selection. */
function onEscape(event) {
  if (event.key !== "Escape") return;
  if (currentRecord && document.activeElement.classList.contains("piece")) {
    goToRow(currentRecord);
  } else {
    selectEntity(null);
  }
}

function redrawOnNewWidth(node) {
  let drawn = node.clientWidth;
  new ResizeObserver(() => {
    if (node.clientWidth === drawn) return;
    drawn = node.clientWidth;
    FIGURES[document.body.dataset.view]?.();
  }).observe(node);
}

function addPageListeners() {
  const tabs = document.querySelector("[role=tablist]");
  tabs.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) showView(tab.dataset.view);
  });
  tabs.addEventListener("keydown", (event) => {
    const visible = VIEWS.map((view) => byId(`tab-${view}`)).filter((tab) => tab.offsetParent !== null);
    moveFocus(event, visible, { ArrowRight: 1, ArrowLeft: -1 });
    if (document.activeElement !== event.target) document.activeElement.click();
  });
  document.querySelector(".languages").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) setLanguage(button.dataset.language);
  });
  document.addEventListener("keydown", onEscape);
  for (const view of Object.keys(FIGURES)) byId(`panel-${view}`).addEventListener("click", followFigureLink);
  matchMedia("(max-width: 71.99rem)").addEventListener("change", () => showView(document.body.dataset.view));
  redrawOnNewWidth(byId("views"));
}

renderReport();
setLanguage(language);
applyFilter();
selectEntity(null);
showView(isNarrow() ? "report" : "ledger");
addLegendListeners();
addLedgerListeners();
addPageListeners();
