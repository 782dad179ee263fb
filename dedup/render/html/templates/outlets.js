// What outlets take over from each other, or documents: a matrix, and a table with all figures.
const OUTLET_ROWS_SHOWN = 20;
// Index of the letters with unknown credit; they have a column only where there are some.
const UNKNOWN = 6;

// `showStories(outlet, source)` is called with two names when a reader wants to see their stories.
class Outlets {
  constructor(root, showStories) {
    Object.assign(this, { root, showStories, part: root.dataset.part, values: embedded(`outlets-${root.dataset.part}`) });
    this.measure = Object.keys(MEASURES).find((name) => this.values.pairs.some(MEASURES[name].value)) || "taken";
    this.chosen = chooseMatrixNames(this.values);
    // The matrix of documents of many stories would be empty but for its diagonal.
    const hasMatrix = this.values.outlets || this.values.names.length <= MATRIX_NAMES;
    root.append(...[hasMatrix && this.drawMatrix(), this.drawFigures()].filter(Boolean));
    if (!hasMatrix) return;
    this.update();
    for (const media of [matchMedia("(prefers-color-scheme: dark)"), NARROW_SCREEN]) media.addEventListener("change", () => this.update());
  }

  drawMatrix() {
    this.picture = make("div", { class: "matrix" });
    this.detail = make("p", { class: "detail", role: "status" });
    const select = make("select", { name: "measure", change: () => {
      this.measure = select.value;
      this.update();
    } }, Object.entries(MEASURES).map(([name, { label }]) => make("option", { value: name, selected: name === this.measure }, label)));
    const name = `dedup-outlets-${this.part}`;
    const left = this.values.names.length - this.chosen.length;
    return make("div", { class: "matrix-block" },
      make("div", {}, make("p", { class: "hint" }, `A row shows what ${this.values.outlets ? "an outlet" : "a document"} has taken over from each column, and a column what the rows have taken over from it. Dates or a credit decide who took over. Select a cell to see its figures.`,
        left > 0 && ` The matrix has the ${this.chosen.length} with the most text; ${count(left, "other is", "others are")} in the table.`),
      make("div", { class: "search" }, make("label", {}, "Show ", select),
        make("button", { type: "button", class: "svg", click: () => this.saveSvg(`${name}.svg`) }, "Save as SVG"),
        make("button", { type: "button", class: "png", click: () => saveMatrixPng(this.layOut(WITH_NAMES), `${name}.png`) }, "Save as PNG")),
      this.detail), make("div", {}, this.picture,
      make("ol", { class: "matrix-names" }, this.chosen.map((index) => make("li", {}, make("bdi", {}, this.values.names[index]))))));
  }

  layOut(sizes) {
    return layOutMatrix(this.values, this.chosen, this.measure, pageColours(), sizes);
  }

  update() {
    const sizes = NARROW_SCREEN.matches ? withNumbers(this.chosen.length, this.root.clientWidth) : WITH_NAMES;
    this.picture.replaceChildren(drawMatrixSvg(this.layOut(sizes), `Matrix of ${MEASURES[this.measure].label}; the table below has the same figures`, (pair) => this.showPair(pair)));
  }

  saveSvg(name) {
    const picture = drawMatrixSvg(this.layOut(WITH_NAMES), MEASURES[this.measure].label);
    save(name, "image/svg+xml", new XMLSerializer().serializeToString(picture));
  }

  showPair(pair) {
    const [outlet, source] = [pair.outlet, pair.source].map((index) => this.values.names[index]);
    this.detail.replaceChildren(make("strong", {}, make("bdi", {}, outlet), " from ", make("bdi", {}, source)), `: ${describeTaking(pair)} `,
      this.values.outlets ? this.drawStoriesButton(pair) : "");
  }

  drawStoriesButton({ outlet, source, stories }) {
    const [first, second] = [outlet, source].map((index) => this.values.names[index]);
    return make("button", { type: "button", class: "show-stories", click: () => this.showStories(first, second) },
      count(stories, "story", "stories"), hidden(` of ${first} and ${second}`));
  }

  drawFigures() {
    const { names, pairs, more, outlets } = this.values;
    const number = (heading, value) => ({ heading, className: "number", draw: (pair) => {
      const found = value(pair);
      return found ? found.toLocaleString("en") : "–";
    } });
    const letters = ["Same words", "Mostly the same words", "Reworded", "With credit", "Common source", "Neither", "Credit unknown", "Undecided"];
    const columns = [
      { heading: "Takes over", header: true, draw: ({ outlet }) => make("bdi", {}, names[outlet]) },
      { heading: "From", draw: ({ source }) => make("bdi", {}, names[source]) },
      { heading: "Stories", className: "number", draw: (pair) => (outlets ? this.drawStoriesButton(pair) : pair.stories) },
      { heading: "Later in", className: "number", draw: ({ later, decided }) => `${later} of ${decided}` },
      { heading: "Median delay", className: "number", draw: ({ delay }) => delay || "–" },
      ...letters.map((heading, index) => number(heading, (pair) => pair.letters[index])).filter((_, index) => index !== UNKNOWN || pairs.some((pair) => pair.letters[UNKNOWN])),
    ];
    return make("details", { class: "figures-table" }, make("summary", {}, `All figures: ${count(pairs.length, "pair")}`),
      make("p", { class: "hint" }, "Letters and digits in linked sentences: first those taken over, by how many words are the same; then the same letters by credit; last the undecided ones.",
        more > 0 && ` ${count(more, "more pair")} in outlets.parquet.`),
      drawCards("What is taken over", columns, pairs, { size: OUTLET_ROWS_SHOWN, noun: "more pair" }));
  }
}

// Describe what an outlet takes over from another in words.
function describeTaking({ later, decided, delay, letters: [verbatim, light, heavy, credited, common, uncredited, unknown, undecided] }) {
  const list = (parts) => parts.filter(([number]) => number).map(([number, label]) => `${number.toLocaleString("en")} ${label}`).join(", ");
  const taken = verbatim + light + heavy;
  return [
    decided ? `later in ${later} of ${decided}${delay ? `, by ${delay} (median)` : ""}` : "no date decides",
    taken ? `${taken.toLocaleString("en")} letters taken over (${list([[verbatim, "in the same words"], [light, "in mostly the same words"], [heavy, "reworded"]])}; ${list([[credited, "with credit to it"], [common, "with credit to a common source"], [uncredited, "with credit to neither"], [unknown, "with unknown credit"]])})` : "no letters taken over",
    undecided && `${undecided.toLocaleString("en")} letters undecided`,
  ].filter(Boolean).join("; ");
}
