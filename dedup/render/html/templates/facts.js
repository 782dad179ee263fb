// Facts and credited sources of a story. What differs comes first; what all documents share is folded.
const FACT_ROWS_SHOWN = 15;
const FACTS_NAMED = 5;

// Facts that some documents state, then those of one document, then those of all.
function drawStoryFacts(story) {
  const all = story.documents.length;
  const isShared = ({ documents }) => documents.length === all;
  const some = story.facts.filter((fact) => !isShared(fact)), shared = story.facts.filter(isShared);
  const only = story.documents.map((item, index) => ({ names: item.only, documents: [index] })).filter(({ names }) => names.length);
  return [make("h4", {}, "Facts"),
    some.length > 0 && drawFactTable(story, "Facts that some documents state", "Fact", "Stated by", some),
    only.length > 0 && drawOnly(story, only),
    shared.length > 0 && drawShared(story, shared),
    !story.facts.length && !only.length && make("p", { class: "hint" }, "none")];
}

function drawStorySources(story) {
  return story.sources.length > 0 && [make("h4", {}, "Credited sources"),
    drawFactTable(story, "Credited sources", "Source", "Credited by", story.sources)];
}

// Numbers that count the same and differ: each value with the documents that state it.
function drawDiffering(story) {
  return story.differing.length > 0 && [make("h4", {}, "Conflicting numbers"), drawCards("Conflicting numbers", [
    { heading: "Quantity", header: true, draw: ({ noun }) => make("bdi", {}, noun) },
    { heading: "Values", draw: ({ values }) => make("ul", { class: "values" }, values.map(({ name, documents }, index) => make("li", {},
      index > 0 && make("span", { class: "unequal" }, "≠ "), make("bdi", { class: "value" }, name), " ", drawLetters(story, documents)))) },
  ], story.differing, { size: FACT_ROWS_SHOWN })];
}

function drawFactTable(story, label, heading, by, facts) {
  return drawCards(label, [
    { heading, header: true, draw: ({ name }) => make("bdi", {}, name) },
    { heading: by, draw: ({ documents, self }) => drawLetterStrip(story, documents, self || []) },
  ], facts, { size: FACT_ROWS_SHOWN });
}

function drawOnly(story, only) {
  return drawCards("Facts in one document only", [
    { heading: "Only in", header: true, draw: ({ documents: [index] }) => [drawLetter(story.documents[index]), " ", make("bdi", {}, story.documents[index].outlet)] },
    { heading: "Facts", draw: ({ names }) => drawNames(names) },
  ], only, { size: FACT_ROWS_SHOWN });
}

function drawShared(story, shared) {
  const names = shared.map(({ name }) => name), more = names.length - FACTS_NAMED;
  return make("details", { class: "shared" }, make("summary", {}, `In all ${story.documents.length} documents: `,
    make("strong", {}, count(names.length, "fact")), make("span", { class: "named" }, ": ", make("bdi", {}, names.slice(0, FACTS_NAMED).join(", ")), more > 0 && ` and ${more} more`)),
  make("p", {}, drawNames(names)));
}

function drawNames(names) {
  return names.map((name, index) => [index > 0 && ", ", make("bdi", {}, name)]);
}

// Draw the letters of all documents: filled where a document states the fact, faint where it does not.
function drawLetterStrip(story, documents, self) {
  const stated = new Set(documents), itself = new Set(self);
  if (stated.size === story.documents.length) return [`all ${stated.size}`];
  const strip = make("span", { class: "strip", "aria-hidden": "true" }, story.documents.map((item, index) =>
    make("span", { class: stated.has(index) ? "letter" : itself.has(index) ? "letter self" : "letter not", title: describeDocument(item) }, item.letter)));
  const list = (indexes) => indexes.map((index) => story.documents[index].letter).join(", ");
  const named = list(documents) || "none", selves = self.length > 0 && `${list(self)} itself`;
  return [strip, hidden(selves ? `${named}; ${selves}` : named), selves && make("span", { class: "hint", "aria-hidden": "true" }, ` ${selves}`)];
}

function drawLetters(story, documents) {
  return make("span", { class: "strip" }, documents.map((index) => drawLetter(story.documents[index])));
}

function drawLetter(item) {
  return make("span", { class: "letter", title: describeDocument(item) }, item.letter, " ");
}

// What a document is: its outlet, date and title.
function describeDocument(item) {
  return [item.outlet, item.date, item.title].filter(Boolean).join(", ");
}
