// Labels and marks of sentences, shared by both layouts of a comparison.
const SIDES = [{ letter: "A", name: "a" }, { letter: "B", name: "b" }];
const LINKED_WORDS = [
  { kind: "same", label: "identical" },
  { kind: "equivalent", label: "equivalent form" },
  { kind: "replaced", label: "replaced" },
];

function isIdentical(pair) {
  return pair.kind === "verbatim" && !pair.moved;
}

// CSS classes of a sentence in a pair, or in none.
function pairClass(pair) {
  return pair ? `paired ${pair.kind}${pair.moved ? " moved" : ""}` : "unpaired";
}

function describePair(pair) {
  const parts = [pair.kind === "verbatim" ? pair.meaning : `${pair.kind} ${pair.score}`];
  if (pair.kind === "verbatim" && !pair.exact) parts.push("except case, accents or punctuation");
  if (pair.moved) parts.push("moved ↕");
  if (pair.conflicting.length) parts.push(`conflicting: ${pair.conflicting.join(", ")}`);
  return parts.join(" · ");
}

// Draw the pieces of a sentence. Words that correspond in pair number `rank` have the same `data-link` on both sides.
function drawPieces(pieces, rank) {
  return pieces.flatMap((piece) => {
    if (typeof piece === "string") return piece;
    const { text, kind, link, fact, source } = piece;
    const classes = ["word", kind, fact && "fact", source && "source"].filter(Boolean).join(" ");
    const word = make("span", { class: classes, "data-link": link === undefined ? null : `${rank}:${link}` }, text);
    return source === "end" ? [word, make("sup", { class: "source-label" }, "source")] : word;
  });
}

// Format a half-open range of sentences, counted from 1.
function formatRange([first, stop]) {
  return stop - first > 1 ? `${first + 1}–${stop}` : `${first + 1}`;
}

function indexesIn([first, stop]) {
  return Array.from({ length: stop - first }, (_, offset) => first + offset);
}

// Draw the legend of the marks that occur in a comparison.
function drawLegend(pairs) {
  const kinds = new Set(pairs.map((pair) => pair.kind));
  const item = (...parts) => make("li", {}, parts);
  return make("ul", { class: "legend", "aria-label": "Legend" },
    [...kinds].some((kind) => kind !== "verbatim") && LINKED_WORDS.map(({ kind, label }) => item(make("span", { class: `word ${kind}` }, label))),
    kinds.has("light") && item(make("span", { class: "word unique" }, "only on this side")),
    (kinds.has("heavy") || kinds.has("related")) && item("no mark: only on this side, or a function word"),
    item(make("span", { class: "fact" }, "fact")),
    item(make("span", { class: "source" }, "credited"), make("sup", { class: "source-label" }, "source")),
    pairs.some((pair) => pair.moved) && item(makeSvg("svg", { class: "sample", viewBox: "0 0 40 12", "aria-hidden": "true" },
      makeSvg("path", { class: "ribbon moved", d: "M0,1C20,1 20,4 40,4L40,11C20,11 20,8 0,8Z" })), " moved"));
}
