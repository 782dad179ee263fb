// Draw the table of what outlets take over from each other, or documents.
function drawOutlets(root) {
  const pairs = embedded(`outlets-${root.dataset.part}`);
  const headings = ["Takes over", "From", "Stories", "Later in", "Median delay", "Letters", "verbatim", "light", "heavy",
    "Credit to it", "to a common source", "none", "Undecided"];
  const drawRow = (pair) => make("tr", {},
    make("th", { scope: "row" }, make("bdi", {}, pair.outlet)), make("td", {}, make("bdi", {}, pair.source)),
    [pair.stories.toLocaleString("en"), `${pair.later} of ${pair.decided}`, pair.delay || "–",
      ...pair.letters.map((number) => number ? number.toLocaleString("en") : "–")].map((cell) => make("td", { class: "number" }, cell)));
  root.replaceChildren(drawScroller("What is taken over",
    make("table", {}, make("thead", {}, make("tr", {}, headings.map((heading) => make("th", { scope: "col" }, heading)))),
      make("tbody", {}, pairs.map(drawRow)))));
}
