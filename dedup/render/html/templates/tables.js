// Tables below a comparison: facts and credited sources, with buttons that show the sentences.
const FACTS_SHOWN = 40;
const SENTENCES_SHOWN = 5;

// Draw the facts of both texts: those that differ first, the others folded. `showSentence(side, index)` is called when a button is clicked.
function drawFacts(facts, showSentence) {
  if (!facts.length) return null;
  const different = facts.filter(({ state }) => state !== "both").length;
  const shown = Math.min(FACTS_SHOWN, different || facts.length);
  const body = make("tbody", { role: "rowgroup" }, facts.slice(0, shown).map((fact) => drawFact(fact, showSentence)));
  const rest = facts.slice(shown);
  const restInBoth = facts.length - Math.max(different, shown);
  const more = rest.length > 0 && make("button", { type: "button", class: "more-facts", click: (event) => {
    body.append(...rest.map((fact) => drawFact(fact, showSentence)));
    event.target.remove();
  } }, restInBoth === rest.length ? `Show ${count(rest.length, "fact")} in both texts`
    : `Show ${count(rest.length, "more fact")}, ${restInBoth.toLocaleString("en")} in both texts`);
  return make("section", { class: "comparison-table", "aria-label": "Facts" }, make("h3", {}, "Facts"),
    make("p", { class: "hint" }, "Numbers and what they count, dates, names and quotations. The buttons show the sentences."),
    drawTable("Facts of both texts", ["Fact", "Kind", "In A", "In B", "Status"], body), more);
}

function drawFact({ kind, value, sides, state, conflict }, showSentence) {
  const status = { both: "✓ in both", A: "only in A", B: "only in B", changed: `changed: ${conflict}` }[state];
  return make("tr", { role: "row", class: state.toLowerCase() },
    make("th", { role: "rowheader", scope: "row", dir: "auto" }, value), drawCell("Kind", {}, kind),
    sides.map((indexes, side) => drawSentenceCell(`In ${SIDES[side].letter}`, indexes, side, showSentence)),
    drawCell("Status", { class: "state" }, make("bdi", {}, status)));
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
  const rows = [...sentences].map(([name, sides]) => make("tr", { role: "row" }, make("th", { role: "rowheader", scope: "row", dir: "auto" }, name),
    sides.map((indexes, side) => drawSentenceCell(`Credited in ${SIDES[side].letter}`, indexes, side, showSentence))));
  return make("section", { class: "comparison-table", "aria-label": "Sources" }, make("h3", {}, "Credited sources"),
    drawTable("Sources of both texts", ["Source", "Credited in A", "Credited in B"], make("tbody", { role: "rowgroup" }, rows)));
}

// Draw a table. Narrow screens show each row as a card, so the roles of a table are named.
function drawTable(label, headings, body) {
  return make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": label },
    make("table", { role: "table" }, make("thead", { role: "rowgroup" }, make("tr", { role: "row" },
      headings.map((heading) => make("th", { role: "columnheader", scope: "col" }, heading)))), body));
}

function drawCell(label, attributes, ...content) {
  return make("td", { role: "cell", "data-label": label, ...attributes }, make("div", {}, content));
}

function drawSentenceCell(label, indexes, side, showSentence) {
  if (!indexes.length) return drawCell(label, { class: "absent" }, "–", hidden("absent"));
  const buttons = indexes.slice(0, SENTENCES_SHOWN).map((index) =>
    make("button", { type: "button", class: "sentence-number", click: () => showSentence(side, index) },
      hidden(`sentence of ${SIDES[side].letter} `), `${index + 1}`));
  const more = indexes.length - SENTENCES_SHOWN;
  return drawCell(label, {}, "✓ ", buttons, more > 0 ? ` and ${more} more` : null);
}
