"use strict";

// Text reaches the page through text nodes and attributes only: nothing here parses markup.

function byId(id) {
  return document.getElementById(id);
}

/** An element with attributes (null and false are left out) and children (strings become text nodes). */
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function readJson(id) {
  return JSON.parse(byId(id).textContent);
}

/** Makes a list of elements one tab stop: `keys` maps a key to the step that it takes. */
function moveFocus(event, nodes, keys) {
  const at = nodes.indexOf(event.target);
  if (at < 0) return;
  let next = at;
  if (event.key in keys) next = at + keys[event.key];
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = nodes.length - 1;
  else return;
  event.preventDefault();
  nodes[Math.min(Math.max(next, 0), nodes.length - 1)].focus();
}

function setTabStop(node, nodes) {
  for (const other of nodes) other.tabIndex = other === node ? 0 : -1;
}

/** A drag over text to copy it ends in a click that means nothing else. */
function isSelectingText() {
  return !getSelection().isCollapsed;
}

function isNarrow() {
  return matchMedia("(max-width: 71.99rem)").matches;
}

function bringIntoView(node) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  node.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
}
