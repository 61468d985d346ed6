"use strict";

// What the figures share. Observable Plot draws them as SVG in the colours of the page (currentColor and
// custom properties), so that they follow light, dark and print.

const PLOT_STYLE = { fontFamily: "inherit", fontSize: "13px", background: "none", overflow: "visible" };

function figureWidth(panel) {
  return Math.max(panel.clientWidth - 2 * parseFloat(getComputedStyle(panel).paddingLeft), 240);
}

function figure(caption, drawing) {
  return element("figure", {}, element("figcaption", {}, caption), drawing);
}

/** A link of a figure leads to `#entity-3` or `#period-2`; one to an entity selects it as well. */
function followFigureLink(event) {
  const link = event.target.closest("a");
  const target = link?.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? link?.getAttribute("href");
  const entity = /^#entity-(\d+)$/.exec(target ?? "");
  if (!entity) return;
  event.preventDefault();
  goToEntity(Number(entity[1]));
}
