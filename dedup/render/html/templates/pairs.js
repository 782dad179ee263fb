// Linked pairs of a story: a map of all, and a table with their figures and what a reader can do with them.
const PAIRS_SHOWN = 15;
const MAP_MARGIN = 26, MAP_CELL = 16;
// Cells of the map of a few documents are large enough for their figures.
const MAP_LARGE_CELL = 38, MAP_FEW = 8;

class Pairs {
  // Pairs of the story at an index of a `StoryList`, without those whose best score is lower than `leastScore`.
  constructor(list, index, leastScore) {
    Object.assign(this, { list, row: list.rows[index], story: list.content(index), leastScore });
    this.pairs = this.story.pairs.filter(({ score }) => Number(score) >= leastScore);
  }

  draw() {
    const left = this.story.pairs.length - this.pairs.length;
    return [make("h4", {}, "Linked pairs"),
      make("p", { class: "hint" }, "Coverage: the share of the letters of a document in passages that the other has too."),
      this.story.documents.length > 2 && this.drawMap(),
      drawCards("Linked pairs", this.columns(), this.pairs, { size: PAIRS_SHOWN, noun: "more pair",
        attributes: ({ letters }) => ({ "data-pair": letters.join("-") }) }),
      left > 0 && make("p", { class: "hint" }, `${count(left, "pair")} with a lower score than ${this.leastScore.toFixed(2)}`)];
  }

  columns() {
    const { documents } = this.story;
    const share = (side) => ({ percent }) => (percent ? percent[side] : "–");
    const name = (index) => make("span", { class: "side" }, drawLetter(documents[index]), " ", make("bdi", {}, documents[index].outlet || documents[index].title));
    return [
      { heading: "Pair", header: true, draw: ({ left, right }) => [name(left), hidden(" and "), " ", name(right)] },
      { heading: "Links", className: "number", draw: ({ links }) => links },
      { heading: "Best score", className: "number", draw: ({ score }) => score },
      { heading: "First in second", className: "number", draw: share(0) },
      { heading: "Second in first", className: "number", draw: share(1) },
      { heading: "Show", className: "actions", draw: (pair) => this.drawActions(pair) },
    ];
  }

  drawActions(pair) {
    const names = pair.letters.join(" and ");
    return [pair.embedded
      ? make("button", { type: "button", class: "compare", click: () => this.list.compare(this.row, pair) }, `Compare ${names}`)
      : make("code", {}, pair.command),
    drawCopyButton("Copy link", () => addressOf(this.list.hashOfPair(this.row, pair)), ` to ${names}`),
    drawCopyButton("Copy citation", () => this.cite(pair), ` of ${names}`)];
  }

  // The citation of a pair as plain text.
  cite(pair) {
    const describe = (index) => {
      const { outlet, date, title, url, id } = this.story.documents[index];
      return [[outlet, date, `“${title}”`].filter(Boolean).join(", "), url || `id ${id}`].join(", ");
    };
    const names = pair.letters;
    const coverage = pair.percent && `${pair.percent[0]} of ${names[0]} is also in ${names[1]}, ${pair.percent[1]} of ${names[1]} is also in ${names[0]}`;
    return `${names[0]}: ${describe(pair.left)}. ${names[1]}: ${describe(pair.right)}. `
      + [count(pair.links, "pair of aligned sentences", "pairs of aligned sentences"), `best score ${pair.score}`, coverage].filter(Boolean).join("; ")
      + `. Story ${this.row.number}, dedup ${this.list.version}.`;
  }

  // Draw the coverage of all pairs as shaded cells. The table has the same figures.
  drawMap() {
    const { documents } = this.story, size = documents.length > MAP_FEW ? MAP_CELL : MAP_LARGE_CELL;
    const side = MAP_MARGIN + documents.length * size, place = (index) => MAP_MARGIN + index * size, middle = (index) => place(index) + size / 2;
    const drawCell = (name, row, column, attributes, note) => makeSvg("rect", { class: name, x: place(column), y: place(row), width: size - 1, height: size - 1, ...attributes }, note);
    const cells = this.pairs.flatMap((pair) => [[pair.left, pair.right, 0], [pair.right, pair.left, 1]].map(([row, column, index]) =>
      makeSvg("g", { class: pair.embedded ? "choice" : null, click: () => pair.embedded && this.list.compare(this.row, pair) },
        drawCell("cell", row, column, { "fill-opacity": pair.coverage ? 0.1 + 0.6 * pair.coverage[index] : 0.08 }),
        pair.percent && size === MAP_LARGE_CELL && makeSvg("text", { x: middle(column), y: middle(row) + 4, "text-anchor": "middle" }, pair.percent[index].replace("less than ", "<")),
        makeSvg("title", {}, pair.percent ? `${pair.percent[index]} of ${documents[row].letter} is also in ${documents[column].letter}` : `${pair.letters.join(" and ")}: ${count(pair.links, "link")}`))));
    const labels = documents.flatMap((item, index) => [[MAP_MARGIN - 6, middle(index) + 4, "end"], [middle(index), MAP_MARGIN - 6, "middle"]].map(([x, y, anchor]) =>
      makeSvg("text", { x, y, "text-anchor": anchor }, item.letter, makeSvg("title", {}, describeDocument(item)))));
    const diagonal = documents.map((_, index) => drawCell("diagonal", index, index));
    return make("figure", { class: documents.length > 20 ? "map large" : "map" },
      makeSvg("svg", { width: side, height: side, viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": "Coverage of the document in the row by the document in the column; the table has the same figures" },
        diagonal, cells, labels),
      make("figcaption", { class: "hint" }, "Coverage of the row by the column"));
  }
}
