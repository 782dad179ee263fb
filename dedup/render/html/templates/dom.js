"use strict";

const NARROW_SCREEN = window.matchMedia("(max-width: 47rem)");

// Create an HTML element. Strings among the children become text nodes, never markup.
function make(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function makeSvg(tag, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Format a number with a noun in the singular or plural.
function count(number, singular, plural = `${singular}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? singular : plural}`;
}

// Text for screen readers only.
function hidden(text) {
  return make("span", { class: "visually-hidden" }, text);
}

// Return a value embedded in the page, or null. It is parsed on first use, because some values are large.
const embeddedValues = new Map();
function embedded(id) {
  if (!embeddedValues.has(id)) {
    const element = document.getElementById(id);
    embeddedValues.set(id, element && unpack(JSON.parse(element.textContent)));
  }
  return embeddedValues.get(id);
}

// Restore a value packed by `pack` in page.py: a list is [0, ...items], an object [n, ...values] with the n-th keys.
function unpack({ keys, value }) {
  const restore = (item) => {
    if (!Array.isArray(item)) return item;
    const contents = item.slice(1).map(restore);
    return item[0] === 0 ? contents : Object.fromEntries(keys[item[0] - 1].map((key, index) => [key, contents[index]]));
  };
  return restore(value);
}

// Whether a key event belongs to a form field or a browser shortcut.
function isTyping(event) {
  return event.target.closest?.("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey;
}
