// The stories of a run: documents, dates, facts, credited sources, coverage and comparisons.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SHADES = 5;
const ROLES = { origin: "origin", credits: "credits others", uncredited: "no credit" };

class Stories {
  // `openComparison(part, story, pair)` is called when a reader compares two documents.
  constructor(root, openComparison) {
    this.part = root.dataset.part;
    this.openComparison = openComparison;
    const stories = embedded(`stories-${this.part}`);
    root.replaceChildren(...stories.map((story, index) => this.drawStory(story, index === 0)));
    if (!stories.length) root.append(make("p", { class: "note" }, "No stories: no two documents report the same event."));
  }

  drawStory(story, open) {
    const item = make("details", { class: "story", id: `story-${this.part}-${story.number}` }, make("summary", {},
      make("h3", {}, `Story ${story.number}`), " ", make("bdi", { class: "title" }, story.title),
      make("span", { class: "hint" }, ` ${count(story.documents.length + story.more, "document")}, ${count(story.links, "link")}`)));
    item.addEventListener("toggle", () => item.open && item.childElementCount === 1 && item.append(this.drawContent(story)));
    item.open = open;
    return item;
  }

  drawContent(story) {
    const blocks = [drawDocuments(story), drawTimeline(story), drawFactsAndSources(story), this.drawCoverage(story), this.drawComparisons(story)];
    return make("div", { class: "content blocks" }, blocks.filter(Boolean).map((block) => make("section", {}, block)));
  }

  drawCoverage(story) {
    const cells = new Map();
    for (const pair of story.pairs) {
      cells.set(`${pair.left} ${pair.right}`, { pair, side: 0 });
      cells.set(`${pair.right} ${pair.left}`, { pair, side: 1 });
    }
    const drawCell = (row, column) => {
      if (row === column) return make("td", { class: "same-document" }, hidden("same document"));
      const cell = cells.get(`${row} ${column}`);
      if (!cell) return make("td", { class: "absent" }, "–", hidden("not linked"));
      const { pair, side } = cell;
      if (!pair.coverage) return make("td", { class: "absent" }, count(pair.links, "link"));
      const label = hidden(` of ${letter(row)} is also in ${letter(column)}: compare`);
      return make("td", { class: `number shade-${Math.min(SHADES, Math.ceil(pair.coverage[side] * 10))}` }, pair.embedded
        ? make("button", { type: "button", class: "cell", click: () => this.openComparison(this.part, story.number, pair) }, pair.percent[side], label)
        : pair.percent[side]);
    };
    return [make("h4", {}, "Coverage"),
      make("p", { class: "hint" }, "Share of the letters of the document in the row in passages that are also in the document in the column."),
      drawScroller("Coverage", make("table", { class: "matrix" }, drawLetterRow(story, "Document"),
        make("tbody", {}, story.documents.map((item, row) => make("tr", {},
          make("th", { scope: "row" }, make("span", { class: "letter" }, letter(row)), " ", make("bdi", {}, item.name)),
          story.documents.map((_, column) => drawCell(row, column)))))))];
  }

  drawComparisons(story) {
    return [make("h4", {}, "Comparisons"), make("ul", { class: "pairs" }, story.pairs.map((pair) => {
      const names = `${letter(pair.left)} and ${letter(pair.right)}`;
      return make("li", {}, pair.embedded
        ? make("button", { type: "button", class: "compare", click: () => this.openComparison(this.part, story.number, pair) }, `Compare ${names}`)
        : [names, " ", make("code", {}, pair.command)],
      make("span", { class: "hint" }, ` ${count(pair.links, "link")}, best score ${pair.score}`));
    }))];
  }
}

function drawDocuments(story) {
  const optional = [{ key: "outlet", heading: "Outlet" }, { key: "date", heading: "Date" }];
  const columns = optional.filter(({ key }) => story.documents.some((item) => item[key]));
  const headings = [hidden("Letter"), ...columns.map(({ heading }) => heading), "Title", "Role", "Credits", "Only here", "Share in the story", "Id"];
  return [make("h4", {}, "Documents"), drawScroller("Documents of the story", make("table", { class: "documents" },
    make("thead", {}, make("tr", {}, headings.map((heading) => make("th", { scope: "col" }, heading)))),
    make("tbody", {}, story.documents.map((item, index) => make("tr", {},
      make("td", {}, make("span", { class: "letter" }, letter(index))),
      columns.map(({ key }) => make("td", {}, make("bdi", {}, item[key] || "–"))),
      make("th", { scope: "row" }, drawTitle(item), item.first ? make("span", { class: "first" }, " first") : null),
      make("td", {}, ROLES[item.role] || "unknown"),
      make("td", {}, item.cites.length ? make("bdi", {}, item.cites.join(", ")) : "none"),
      make("td", {}, item.only.length ? make("bdi", {}, item.only.join(", ")) : "–"),
      make("td", {}, `${item.share} of its letters`),
      make("td", {}, make("bdi", {}, item.id))))))),
  story.more > 0 && make("p", { class: "hint" }, `and ${count(story.more, "more document")}, listed in stories.parquet`)];
}

// Draw the title of a document, as a link if its address is known. Only addresses of the web are passed to the page.
function drawTitle(item) {
  const title = make("bdi", {}, item.title);
  return item.url ? make("a", { href: item.url, rel: "noopener noreferrer" }, title) : title;
}

// Draw a table of facts and credited sources (rows) by document (columns).
function drawFactsAndSources(story) {
  const drawRows = (title, rows, drawCell) => rows.length > 0 && make("tbody", {},
    make("tr", { class: "subheading" }, make("th", { scope: "rowgroup", colspan: story.documents.length + 1 }, title)),
    rows.map(({ name, cells }) => make("tr", {}, make("th", { scope: "row" }, make("bdi", {}, name)), cells.map(drawCell))));
  return [make("h4", {}, "Facts and credited sources"), drawScroller("Facts and sources by document", make("table", { class: "matrix" },
    drawLetterRow(story, hidden("Fact or source")), drawRows("Facts", story.facts, drawFactCell), drawRows("Credited sources", story.sources, drawSourceCell)))];
}

// A cell is true or false (stated or not), or another value that the document states.
function drawFactCell(cell) {
  if (cell === true) return make("td", { class: "given" }, "✓", hidden("stated"));
  if (cell === false) return make("td", { class: "absent" }, "–", hidden("not stated"));
  return make("td", { class: "changed" }, "≠ ", make("bdi", {}, cell), hidden(" different value"));
}

// A cell is true or false (credited or not), or "self" if the outlet of the document is the source.
function drawSourceCell(cell) {
  if (cell === "self") return make("td", { class: "self" }, "itself");
  return cell ? make("td", { class: "given" }, "✓", hidden("credited")) : make("td", { class: "absent" }, "–", hidden("not credited"));
}

// Draw a timeline with a dot for each document that has a date; null if none has.
function drawTimeline(story) {
  const dated = story.documents.map((item, index) => ({ item, index, time: Date.parse(item.day) })).filter(({ time }) => !Number.isNaN(time));
  if (!dated.length) return null;
  dated.sort((a, b) => a.time - b.time);
  const width = 560, rowHeight = 24, height = dated.length * rowHeight + 8;
  const earliest = dated[0].time, duration = Math.max(1, dated[dated.length - 1].time - earliest);
  const position = (time) => 40 + (width - 200) * ((time - earliest) / duration);
  const rows = dated.map(({ item, index, time }, row) => makeSvg("g", { transform: `translate(0 ${row * rowHeight + 14})` },
    makeSvg("line", { class: "axis", x1: 30, x2: width, y1: 0, y2: 0 }),
    makeSvg("text", { class: "letter-text", x: 10, y: 5 }, letter(index)),
    makeSvg("circle", { class: item.first ? "dot first" : "dot", cx: position(time), cy: 0, r: item.first ? 7 : 5 }),
    makeSvg("text", { x: position(time) + 12, y: -3 }, `${item.date}${item.first ? " – first" : ""}`)));
  const svg = makeSvg("svg", { class: "timeline", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `Timeline: ${dated.map(({ item, index }) => `${letter(index)} ${item.date}`).join(", ")}` }, rows);
  const undated = story.documents.length - dated.length;
  return [make("h4", {}, "Timeline"), drawScroller("Timeline", svg), undated > 0 && make("p", { class: "hint" }, `${count(undated, "document")} without a date`)];
}

// Draw the heading row of a table with a column for each document.
function drawLetterRow(story, label) {
  return make("thead", {}, make("tr", {}, make("th", { scope: "col" }, label), story.documents.map((item, index) =>
    make("th", { scope: "col", title: item.name }, make("span", { class: "letter" }, letter(index)), hidden(` ${item.name}`)))));
}

function drawScroller(label, ...content) {
  return make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": label }, content);
}

// Letter of a document: A to Z, then AA, AB and so on.
function letter(index) {
  return (index >= LETTERS.length ? LETTERS[Math.floor(index / LETTERS.length) - 1] : "") + LETTERS[index % LETTERS.length];
}
