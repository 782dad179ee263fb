// The stories of a run: each with its documents, facts and sources, who tells how much of whom, and when.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

class Stories {
  constructor(root, compare) {
    this.part = root.dataset.part;
    this.compare = compare;
    const stories = carried(`stories-${this.part}`);
    root.replaceChildren(...stories.map((story, at) => this.drawStory(story, at === 0)));
    if (!stories.length) root.append(make("p", { class: "note" }, "No two documents report the same."));
  }

  drawStory(story, open) {
    const item = make("details", { class: "story", id: `story-${this.part}-${story.number}` }, make("summary", {},
      make("h3", {}, `Story ${story.number}`), " ", make("bdi", { class: "title" }, story.title),
      make("span", { class: "hint" }, ` ${many(story.documents.length + story.more, "document")}, ${many(story.links, "link")}`)));
    const draw = () => item.open && item.childElementCount === 1 && item.append(this.drawInside(story));
    item.addEventListener("toggle", draw);
    item.open = open;
    return item;
  }

  drawInside(story) {
    const blocks = [this.drawDocuments(story), drawTimes(story), this.drawMatrix(story), this.drawCoverage(story), this.drawPairs(story)];
    return make("div", { class: "opened blocks" }, blocks.filter(Boolean).map((block) => make("section", {}, block)));
  }

  drawDocuments(story) {
    const has = (name) => story.documents.some((item) => item[name]);
    const columns = [["outlet", "Outlet"], ["date", "Date"]].filter(([name]) => has(name));
    return [make("h4", {}, "Documents"), scroller("Documents of the story", make("table", {},
      make("thead", {}, make("tr", {}, ["", "Document", ...columns.map(([, label]) => label), "Credits", "Tells it in"].map((label) => make("th", { scope: "col" }, label || hidden("Letter"))))),
      make("tbody", {}, story.documents.map((item, at) => make("tr", {},
        make("td", {}, make("span", { class: "letter" }, letter(at))),
        make("th", { scope: "row" }, make("bdi", {}, item.name), item.first ? make("span", { class: "first" }, " first") : null),
        columns.map(([name]) => make("td", {}, make("bdi", {}, item[name] || "–"))),
        make("td", {}, item.cites.length ? make("bdi", {}, item.cites.join(", ")) : "no one"),
        make("td", {}, `${item.told} of its text`)))))),
    story.more > 0 && make("p", { class: "hint" }, `and ${many(story.more, "more document")}, in stories.parquet`)];
  }

  // Facts and sources against documents: given, changed or absent; credited or not.
  drawMatrix(story) {
    const body = (title, rows, cell) => rows.length > 0 && make("tbody", {},
      make("tr", { class: "band" }, make("th", { scope: "rowgroup", colspan: story.documents.length + 1 }, title)),
      rows.map(([name, cells]) => make("tr", {}, make("th", { scope: "row" }, make("bdi", {}, name)), cells.map(cell))));
    return [make("h4", {}, "Who gives which fact, and credits whom"), scroller("Facts and sources by document", make("table", { class: "matrix" },
      lettered(story, hidden("Fact or source")), body("Facts", story.facts, drawFactCell), body("Credits", story.sources, drawCreditCell)))];
  }

  drawCoverage(story) {
    const found = new Map();
    for (const [left, right, , , one, other, part, parts, embedded] of story.pairs) {
      found.set(`${left} ${right}`, [one, part, left, right, embedded]);
      found.set(`${right} ${left}`, [other, parts, left, right, embedded]);
    }
    const cell = (row, column) => {
      if (row === column) return make("td", { class: "self" }, hidden("itself"));
      const known = found.get(`${row} ${column}`);
      if (!known) return make("td", { class: "absent" }, "–", hidden("not linked"));
      const [said, part, left, right, embedded] = known;
      const shade = `shade-${Math.min(5, Math.ceil(part * 10))}`;
      return make("td", { class: `number ${shade}` }, embedded
        ? make("button", { type: "button", class: "cell", click: () => this.compare(this.part, story.number, left, right) }, said,
          hidden(` of ${letter(row)} is told by ${letter(column)}: compare`)) : said);
    };
    return [make("h4", {}, "Who tells how much of whom"),
      make("p", { class: "hint" }, "Of a document (row), how much stands in sentences that another (column) tells too."),
      scroller("How much of each document the others tell", make("table", { class: "matrix" }, lettered(story, "Document"),
        make("tbody", {}, story.documents.map((item, row) => make("tr", {},
          make("th", { scope: "row" }, make("span", { class: "letter" }, letter(row)), " ", make("bdi", {}, item.name)),
          story.documents.map((_, column) => cell(row, column)))))))];
  }

  drawPairs(story) {
    return [make("h4", {}, "Sentence by sentence"), make("ul", { class: "pairs" }, story.pairs.map(([left, right, links, best, , , , , embedded, command]) => {
      const names = `${letter(left)} and ${letter(right)}`;
      return make("li", {}, embedded
        ? make("button", { type: "button", class: "compare", click: () => this.compare(this.part, story.number, left, right) }, `Compare ${names}`)
        : [names, " ", make("code", {}, command)],
      make("span", { class: "hint" }, ` ${many(links, "link")}, the best scores ${best}`));
    }))];
  }
}

function drawFactCell(cell) {
  if (cell === 1) return make("td", { class: "given" }, "✓", hidden("given"));
  if (cell === 0) return make("td", { class: "absent" }, "–", hidden("absent"));
  return make("td", { class: "changed" }, "≠ ", make("bdi", {}, cell), hidden(" changed"));
}

function drawCreditCell(cell) {
  if (cell === 2) return make("td", { class: "own" }, "itself");
  return cell ? make("td", { class: "given" }, "✓", hidden("credits it")) : make("td", { class: "absent" }, "–", hidden("does not credit it"));
}

// When the documents came out: a dot for each that has a date.
function drawTimes(story) {
  const dated = story.documents.map((item, at) => [Date.parse(item.day), item, at]).filter(([time]) => !Number.isNaN(time));
  if (!dated.length) return null;
  dated.sort((a, b) => a[0] - b[0]);
  const first = dated[0][0], whole = Math.max(1, dated[dated.length - 1][0] - first), width = 560, step = 24;
  const place = (time) => 40 + (width - 200) * ((time - first) / whole);
  const rows = dated.map(([time, item, at], row) => makeSvg("g", { transform: `translate(0 ${row * step + 14})` },
    makeSvg("line", { class: "axis", x1: 30, x2: width, y1: 0, y2: 0 }),
    makeSvg("text", { class: "letter-text", x: 10, y: 5 }, letter(at)),
    makeSvg("circle", { class: item.first ? "dot first" : "dot", cx: place(time), cy: 0, r: item.first ? 7 : 5 }),
    makeSvg("text", { x: place(time) + 12, y: -3 }, `${item.date}${item.first ? " – first" : ""}`)));
  const svg = makeSvg("svg", { class: "times-line", width, height: dated.length * step + 8, viewBox: `0 0 ${width} ${dated.length * step + 8}`, role: "img",
    "aria-label": `Time line: ${dated.map(([, item, at]) => `${letter(at)} ${item.date}`).join(", ")}` }, rows);
  const undated = story.documents.length - dated.length;
  return [make("h4", {}, "When"), scroller("Time line", svg), undated > 0 && make("p", { class: "hint" }, `${many(undated, "document")} without a date`)];
}

function lettered(story, label) {
  return make("thead", {}, make("tr", {}, make("th", { scope: "col" }, label), story.documents.map((item, at) =>
    make("th", { scope: "col", title: item.name }, make("span", { class: "letter" }, letter(at)), hidden(` ${item.name}`)))));
}

function scroller(label, ...content) {
  return make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": label }, content);
}

function letter(at) {
  return (at >= LETTERS.length ? LETTERS[Math.floor(at / LETTERS.length) - 1] : "") + LETTERS[at % LETTERS.length];
}
