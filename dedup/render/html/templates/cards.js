// Tables whose rows become cards on narrow screens.
const ROWS_SHOWN = 40, CARDS_SHOWN = 10;

// Draw a table. A column has a `heading` and a function `draw` that returns the content of a cell; `header` marks the
// column that names the row. The roles keep the meaning of the table where its cells are laid out as cards.
function drawCards(label, columns, items, { attributes = () => ({}), size, noun = "more row" } = {}) {
  const body = make("tbody", { role: "rowgroup" });
  const drawRow = (item, index) => make("tr", { role: "row", ...attributes(item, index) }, columns.map(({ heading, header, className, draw }) =>
    make(header ? "th" : "td", { role: header ? "rowheader" : "cell", scope: header ? "row" : null, class: className, "data-label": heading },
      make("div", {}, draw(item, index)))));
  const more = drawInParts(body, items, size || (NARROW_SCREEN.matches ? CARDS_SHOWN : ROWS_SHOWN), noun, drawRow);
  return [drawScroller(label, make("table", { class: "cards", role: "table" },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, columns.map(({ heading, className }) =>
      make("th", { scope: "col", role: "columnheader", class: className }, heading)))), body)), more];
}

function drawScroller(label, ...content) {
  return make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": label }, content);
}
