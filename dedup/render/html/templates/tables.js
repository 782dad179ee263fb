// Tables below a comparison: facts and credited sources, with buttons that show the sentences.
const FACTS_SHOWN = 40;
const SENTENCES_SHOWN = 5;

// Draw the facts of both texts: those that differ first, the others folded. `showSentence(side, index)` is called when a button is clicked.
function drawFacts(facts, showSentence) {
  if (!facts.length) return null;
  const different = facts.filter(({ state }) => state !== "both").length;
  const shown = Math.min(FACTS_SHOWN, different || facts.length);
  const columns = [
    { heading: "Fact", header: true, draw: ({ value }) => make("span", { dir: "auto" }, value) },
    { heading: "Kind", draw: ({ kind }) => kind },
    ...SIDES.map(({ letter }, side) => ({ heading: `In ${letter}`, draw: ({ sides }) => drawSentences(sides[side], side, showSentence) })),
    { heading: "Status", className: "state", draw: (fact) => make("bdi", {}, describeState(fact)) },
  ];
  const drawFact = (fact) => drawTableRow(columns, fact, { class: fact.state.toLowerCase() });
  const body = make("tbody", { role: "rowgroup" }, facts.slice(0, shown).map(drawFact));
  const rest = facts.slice(shown);
  const restInBoth = facts.length - Math.max(different, shown);
  const more = rest.length > 0 && make("button", { type: "button", class: "more-facts", click: (event) => {
    body.append(...rest.map(drawFact));
    event.target.remove();
  } }, restInBoth === rest.length ? `Show ${count(rest.length, "fact")} in both texts`
    : `Show ${count(rest.length, "more fact")}, ${restInBoth.toLocaleString("en")} in both texts`);
  return make("section", { class: "comparison-table", "aria-label": "Facts" }, make("h3", {}, "Facts"),
    make("p", { class: "hint" }, "Numbers and what they count, dates, names and quotations. The buttons show the sentences."),
    drawTable("Facts of both texts", columns, body), more);
}

function describeState({ state, conflict }) {
  return { both: "✓ in both", A: "only in A", B: "only in B", changed: `changed: ${conflict}` }[state];
}

// Draw the sources that each text credits, or nothing if there are none.
function drawSources(sources, showSentence) {
  const sentences = new Map();
  sources.forEach((credits, side) => {
    for (const { name, sentence } of credits) {
      if (!sentences.has(name)) sentences.set(name, [[], []]);
      const indexes = sentences.get(name)[side];
      if (!indexes.includes(sentence)) indexes.push(sentence);
    }
  });
  if (!sentences.size) return null;
  const columns = [
    { heading: "Source", header: true, draw: ([name]) => make("span", { dir: "auto" }, name) },
    ...SIDES.map(({ letter }, side) => ({ heading: `Credited in ${letter}`, draw: ([, sides]) => drawSentences(sides[side], side, showSentence) })),
  ];
  const body = make("tbody", { role: "rowgroup" }, [...sentences].map((source) => drawTableRow(columns, source)));
  return make("section", { class: "comparison-table", "aria-label": "Sources" }, make("h3", {}, "Credited sources"),
    drawTable("Sources of both texts", columns, body));
}

// Draw a table. A column has a `heading` and a function `draw` that returns the content of a cell; `header` marks the
// column that names the row. Narrow screens show each row as a card, so the roles of a table are named.
function drawTable(label, columns, body) {
  return make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": label },
    make("table", { class: "cards", role: "table" }, make("thead", { role: "rowgroup" }, make("tr", { role: "row" },
      columns.map(({ heading, className }) => make("th", { role: "columnheader", scope: "col", class: className }, heading)))), body));
}

function drawTableRow(columns, item, attributes) {
  return make("tr", { role: "row", ...attributes }, columns.map(({ heading, header, className, draw }) =>
    make(header ? "th" : "td", { role: header ? "rowheader" : "cell", scope: header ? "row" : null, class: className, "data-label": heading },
      make("div", {}, draw(item)))));
}

// Draw buttons that show the sentences of a side.
function drawSentences(indexes, side, showSentence) {
  if (!indexes.length) return make("span", { class: "absent" }, "–", hidden("absent"));
  const buttons = indexes.slice(0, SENTENCES_SHOWN).map((index) =>
    make("button", { type: "button", class: "sentence-number", click: () => showSentence(side, index) },
      hidden(`sentence of ${SIDES[side].letter} `), `${index + 1}`));
  const more = indexes.length - SENTENCES_SHOWN;
  return ["✓ ", buttons, more > 0 ? ` and ${more} more` : null];
}
