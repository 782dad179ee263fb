"use strict";

// Make an element; text goes in as text, never as markup.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  return fill(element, attributes, children);
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

function many(number, one, several) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : several || one + "s"}`;
}

// Read values that the page carries; they are parsed when they are first asked for.
const parsed = new Map();
function carried(id) {
  if (!parsed.has(id)) {
    const holder = document.getElementById(id);
    parsed.set(id, holder && JSON.parse(holder.textContent));
  }
  return parsed.get(id);
}

function hidden(text) {
  return make("span", { class: "spoken" }, text);
}

function isTyping(event) {
  return event.target.closest?.("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey;
}
