// Labels, marks and boxes of sentences.
const SIDES = [{ letter: "A", name: "a" }, { letter: "B", name: "b" }];

function isIdentical(pair) {
  return pair.kind === "verbatim" && !pair.moved;
}

// CSS classes of a sentence in a pair, or in none.
function pairClass(pair) {
  return pair ? `${pair.kind}${pair.moved ? " moved" : ""}` : "unpaired";
}

// What is different in a pair, in parts; empty for the same characters.
function pairRemarks(pair) {
  const exception = pair.kind === "verbatim" && !pair.exact && "except case, accents or punctuation";
  return [exception, ...pair.conflicting].filter(Boolean);
}

function describePair(pair) {
  const measure = pair.kind === "verbatim" ? pair.meaning : `${pair.meaning}, score ${pair.score}`;
  return [measure, pair.moved && "moved", ...pairRemarks(pair)].filter(Boolean).join(", ");
}

// Draw the label of a row with a pair.
function drawPairLabel(pair) {
  const meaning = isIdentical(pair) ? ["=", hidden(` ${pair.meaning}`)] : pair.meaning;
  return make("div", { class: "label" }, make("span", { title: describePair(pair) }, meaning),
    pair.moved && make("span", { class: "moved-label" }, "moved ↕"),
    pairRemarks(pair).map((remark) => make("span", { class: pair.conflicting.includes(remark) ? "conflict" : null }, make("bdi", {}, remark))));
}

// Draw the label of a row without a pair: the numbers of sentences of one text only.
function drawUnpairedLabel(counts, order) {
  return make("div", { class: "label" }, order.filter((side) => counts[side])
    .map((side) => make("span", {}, `${counts[side]} only in ${SIDES[side].letter}`)));
}

// Draw the pieces of a sentence. Words that correspond in pair number `rank` have the same `data-link` on both sides.
function drawPieces(pieces, rank) {
  return pieces.flatMap((piece) => {
    if (typeof piece === "string") return piece;
    const { text, kind, link, fact, source } = piece;
    const classes = ["word", kind, fact && "fact", fact === "changed" && "changed-fact", source && "source"].filter(Boolean).join(" ");
    const word = make("span", { class: classes, "data-link": link === undefined ? null : `${rank}:${link}` }, text);
    return source === "end" ? [word, make("sup", { class: "source-label" }, "source")] : word;
  });
}

// Format a half-open range of sentences, counted from 1.
function formatRange([first, stop]) {
  return stop - first > 1 ? `${first + 1}–${stop}` : `${first + 1}`;
}

// Draw the legend of the marks that occur in a comparison.
function drawLegend(pairs) {
  const kinds = new Set(pairs.map((pair) => pair.kind));
  const item = (when, ...parts) => when && make("li", {}, parts);
  const isReworded = kinds.has("heavy") || kinds.has("related");
  const sample = (kind) => make("span", { class: `sample ${kind}`, "aria-hidden": "true" });
  return make("div", { class: "legend" },
    make("ul", { "aria-label": "Legend" },
      ["light", "heavy", "related"].filter((kind) => kinds.has(kind))
        .map((kind) => item(true, sample(kind), pairs.find((pair) => pair.kind === kind).meaning)),
      item(pairs.some(({ moved }) => moved), sample("moved"), "moved"),
      item(true, sample("unpaired"), "only in one text"),
      item(kinds.has("light"), make("span", { class: "light" }, make("span", { class: "word replaced" }, "words that differ"))),
      item(isReworded, make("span", { class: "heavy" }, make("span", { class: "word same" }, "words in both")), " of a reworded sentence"),
      item(pairs.some(({ conflicting }) => conflicting.length), make("span", { class: "changed-fact" }, "conflicting number"))),
    (kinds.has("light") || isReworded) && make("ul", { class: "highlighted", "aria-label": "In the pair that is pointed at or focused" },
      item(true, "In the pair you point at or focus:"),
      ["same", "equivalent", "replaced"].map((kind, index) =>
        item(true, make("span", { class: `word ${kind}` }, ["identical", "equivalent form", "replaced"][index])))));
}
