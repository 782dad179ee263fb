// Draw the table of what outlets take over from each other, or documents.
function drawOutlets(root) {
  const pairs = embedded(`outlets-${root.dataset.part}`);
  const headings = ["Takes over", "From", "Stories", "Later in", "Median delay", "Letters", "Verbatim, light, heavy",
    "Credit to it, to a common source, none", "Undecided letters"];
  const drawRow = (pair) => make("tr", {},
    make("th", { scope: "row" }, make("bdi", {}, pair.outlet)), make("td", {}, make("bdi", {}, pair.source)),
    make("td", { class: "number" }, pair.stories.toLocaleString("en")),
    make("td", { class: "number" }, pair.decided ? `${pair.later} of ${pair.decided}` : "undecided"),
    make("td", { class: "number" }, pair.delay || "–"),
    make("td", { class: "number" }, pair.taken.toLocaleString("en")),
    make("td", { class: "number" }, pair.taken ? pair.kinds.join(", ") : "–"),
    make("td", { class: "number" }, pair.taken ? pair.credits.join(", ") : "–"),
    make("td", { class: "number" }, pair.undecided ? pair.undecided.toLocaleString("en") : "–"));
  root.replaceChildren(make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": "What is taken over" },
    make("table", {}, make("thead", {}, make("tr", {}, headings.map((heading) => make("th", { scope: "col" }, heading)))),
      make("tbody", {}, pairs.map(drawRow)))));
}
