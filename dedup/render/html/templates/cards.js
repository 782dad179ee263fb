// Tables whose rows become cards on narrow screens.
const ROWS_SHOWN = 40, CARDS_SHOWN = 10;

// Draw a table of all or the first items. A column has a `heading` and a function `draw` that returns the content of a cell; `header` marks the
// column that names the row. The roles keep the meaning of the table where its cells are laid out as cards.
function drawCards(label, columns, items, { attributes = () => ({}), size, noun = "more row" } = {}) {
  const body = make("tbody", { role: "rowgroup" });
  const more = drawInParts(body, items, size || (NARROW_SCREEN.matches ? CARDS_SHOWN : ROWS_SHOWN), noun, (item, index) => drawTableRow(columns, item, attributes(item, index)));
  return [drawTable(label, columns, body), more];
}
