// The matrix of what outlets take over from each other: a picture on the page, and the same as an SVG or PNG file.
const MATRIX_NAMES = 24;
const MEASURES = {
  taken: { label: "letters taken over", value: ({ letters: [verbatim, light, heavy] }) => verbatim + light + heavy },
  verbatim: { label: "letters in the same words", value: ({ letters }) => letters[0] },
  rewritten: { label: "letters rewritten", value: ({ letters: [, light, heavy] }) => light + heavy },
  undecided: { label: "letters undecided", value: ({ letters }) => letters[7] },
  uncredited: { label: "letters with credit to neither", value: ({ letters }) => letters[5] },
  later: { label: "stories reported later", value: ({ later }) => later },
};
// Sizes in pixels of the picture: with the names, or with numbers that stand for them, in a width.
const MATRIX_HEAD = 74, MATRIX_FONT = 13, MATRIX_LEAST_WIDTH = 420, MATRIX_LEAST_NARROW = 240, LEAST_CELL_WITH_VALUE = 28;
const WITH_NAMES = { cell: 34, label: 190 };
const withNumbers = (names, width) => ({ cell: Math.max(8, Math.min(34, Math.floor((width - 36) / names))), label: 28 });

// Choose the outlets of the matrix: those with the most letters taken over by or from them. Return their indexes.
function chooseMatrixNames({ names, pairs }) {
  const totals = names.map(() => 0);
  for (const pair of pairs) {
    const letters = MEASURES.taken.value(pair) + pair.letters[7] / 2;
    totals[pair.outlet] += letters;
    totals[pair.source] += letters;
  }
  return names.map((_, index) => index).sort((a, b) => totals[b] - totals[a] || a - b).slice(0, MATRIX_NAMES);
}

// Lay out the matrix as shapes: rectangles and texts with their colours.
function layOutMatrix({ names, pairs }, chosen, measure, colours, { cell, label }) {
  const places = new Map(chosen.map((name, place) => [name, place]));
  const inside = pairs.filter(({ outlet, source }) => places.has(outlet) && places.has(source));
  const largest = Math.max(1, ...inside.map(MEASURES[measure].value));
  const side = chosen.length * cell, hasNames = label === WITH_NAMES.label;
  const width = Math.max(label + side + 8, hasNames ? MATRIX_LEAST_WIDTH : MATRIX_LEAST_NARROW), height = MATRIX_HEAD + side + 8;
  const shapes = [{ type: "rect", x: 0, y: 0, width, height, fill: colours.card },
    { type: "text", x: 8, y: 20, text: MEASURES[measure].label, fill: colours.ink, anchor: "start" },
    { type: "text", x: 8, y: 40, text: "row: taken over by; column: from", fill: colours.soft, anchor: "start" }];
  chosen.forEach((name, place) => {
    const middle = place * cell + cell / 2, size = Math.min(MATRIX_FONT, cell);
    shapes.push({ type: "text", x: label - 8, y: MATRIX_HEAD + middle + 4, size, text: `${hasNames ? `${shorten(names[name], 22)} ` : ""}${place + 1}`, fill: colours.ink, anchor: "end", title: names[name] },
      { type: "text", x: label + middle, y: MATRIX_HEAD - 10, size: Math.min(size, Math.max(7, 0.7 * cell)), text: String(place + 1), fill: colours.ink, anchor: "middle", title: names[name] },
      { type: "rect", x: label + place * cell, y: MATRIX_HEAD + place * cell, width: cell - 2, height: cell - 2, fill: colours.line });
  });
  for (const pair of inside) {
    const value = MEASURES[measure].value(pair);
    const x = label + places.get(pair.source) * cell, y = MATRIX_HEAD + places.get(pair.outlet) * cell;
    const title = `${names[pair.outlet]} from ${names[pair.source]}: ${value.toLocaleString("en")} ${MEASURES[measure].label}`;
    shapes.push({ type: "rect", x, y, width: cell - 2, height: cell - 2, pair, title,
      fill: colours.heavy, opacity: value ? 0.12 + 0.58 * Math.sqrt(value / largest) : 0.03 });
    if (value && cell >= LEAST_CELL_WITH_VALUE) shapes.push({ type: "text", x: x + cell / 2 - 1, y: y + cell / 2 + 4, text: compact(value), fill: colours.ink, anchor: "middle", size: 11, pair, title });
  }
  return { width, height, shapes };
}

// Draw the shapes as SVG; its attributes alone define it, so that it looks the same in a file. `select(pair)` is called on a click.
function drawMatrixSvg({ width, height, shapes }, label, select) {
  return makeSvg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label,
    "font-family": "system-ui, sans-serif", "font-size": MATRIX_FONT }, shapes.map((shape) => {
    const { type, x, y, fill, title, pair } = shape;
    const events = pair && select ? { click: () => select(pair), class: "choice" } : {};
    const note = title && makeSvg("title", {}, title);
    return type === "rect"
      ? makeSvg("rect", { x, y, width: shape.width, height: shape.height, fill, "fill-opacity": shape.opacity, ...events }, note)
      : makeSvg("text", { x, y, fill, "text-anchor": shape.anchor, "font-size": shape.size, ...events }, shape.text, note);
  }));
}

// Save the shapes as a PNG file, at twice the size for sharp text.
function saveMatrixPng({ width, height, shapes }, name) {
  const canvas = make("canvas", { width: 2 * width, height: 2 * height });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  for (const shape of shapes) {
    context.fillStyle = shape.fill;
    context.globalAlpha = shape.opacity ?? 1;
    if (shape.type === "rect") context.fillRect(shape.x, shape.y, shape.width, shape.height);
    else {
      context.font = `${shape.size || MATRIX_FONT}px system-ui, sans-serif`;
      context.textAlign = shape.anchor === "middle" ? "center" : shape.anchor;
      context.fillText(shape.text, shape.x, shape.y);
    }
  }
  canvas.toBlob((blob) => save(name, "image/png", blob), "image/png");
}

// The colours of the page as it is displayed, light or dark.
function pageColours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(["card", "ink", "soft", "line", "heavy"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

// Format a number in at most four characters.
function compact(value) {
  return value < 1000 ? String(value) : new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 2 }).format(value);
}

function shorten(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
