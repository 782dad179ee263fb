// The list of stories of a run, with its filters; a story is drawn when it is opened.
const STORIES_SHOWN = 25;
const OUTLETS_NAMED = 3;
const ROLES = { origin: "origin", credits: "credits others", uncredited: "no credit" };
const STORY_ORDERS = {
  evidence: { label: "most evidence first", compare: (a, b) => a.number - b.number },
  newest: { label: "newest first", compare: (a, b) => (a.until < b.until ? 1 : a.until > b.until ? -1 : 0) },
  oldest: { label: "oldest first", compare: (a, b) => ((a.from || "~") < (b.from || "~") ? -1 : (a.from || "~") > (b.from || "~") ? 1 : 0) },
  documents: { label: "most documents first", compare: (a, b) => b.documents - a.documents },
  outlets: { label: "most outlets first", compare: (a, b) => b.outlets.length - a.outlets.length },
  differing: { label: "most conflicting numbers first", compare: (a, b) => b.differing - a.differing },
  difference: { label: "largest difference of a number first", compare: (a, b) => b.difference - a.difference },
  score: { label: "best score first", compare: (a, b) => b.scores[1] - a.scores[1] },
};

class StoryList extends RowList {
  // `openComparison(id, hash)` is called when a reader compares two documents: with the id of the embedded comparison and
  // the hash that names it in an address.
  constructor(root, openComparison) {
    const { rows, outlets, storiesPerValue, version } = embedded(`stories-${root.dataset.part}`);
    super(root, rows, STORY_ORDERS, { names: ["story", "stories"], size: STORIES_SHOWN });
    Object.assign(this, { outlets, storiesPerValue, version, openComparison });
    this.filters = this.findFilters();
    root.querySelector(".filters").open = !NARROW_SCREEN.matches;
    this.connectFilters();
    this.update();
    if (!rows.length) this.status.textContent = "No stories found.";
    else this.openRow(this.list.firstElementChild);
    addEventListener("beforeprint", () => this.setPrinting(true));
    addEventListener("afterprint", () => this.setPrinting(false));
  }

  // Filters.

  findFilters() {
    const find = (name) => this.root.querySelector(`[name=${name}]`);
    return Object.fromEntries(["outlet", "other", "from", "until", "score", "templates"].map((name) => [name, find(name)]));
  }

  connectFilters() {
    const { outlet, other, from, until, score, templates } = this.filters;
    for (const select of [outlet, other].filter(Boolean)) {
      select.replaceChildren(make("option", { value: "" }, "any"), ...this.outlets.map((name, index) => make("option", { value: index }, name)));
    }
    const days = this.rows.flatMap((row) => [row.from, row.until]).filter(Boolean).sort();
    for (const field of [from, until].filter(Boolean)) [field.min, field.max] = [days[0], days[days.length - 1]];
    score.min = this.rows.reduce((least, row) => Math.min(least, row.scores[0]), 1);
    score.max = 1;
    score.value = score.min;
    for (const field of [outlet, other, from, until, score].filter(Boolean)) field.addEventListener("input", () => this.scheduleUpdate());
    templates?.addEventListener("change", () => { this.root.querySelector(".templates").hidden = !templates.checked; });
    this.root.querySelector(".clear").addEventListener("click", () => { this.clearFilters(); this.update(); });
    this.root.querySelector(".csv").addEventListener("click", () => this.saveCsv());
  }

  clearFilters() {
    super.clearFilters();
    const { outlet, other, from, until, score } = this.filters;
    for (const field of [outlet, other, from, until].filter(Boolean)) field.value = "";
    score.value = score.min;
  }

  // Show the stories of two outlets.
  filterOutlets(first, second) {
    this.clearFilters();
    const { outlet, other } = this.filters;
    const find = (name) => this.outlets.findIndex((item) => item.toLowerCase() === name.toLowerCase());
    [outlet.value, other.value] = [first, second].map(find);
    this.root.querySelector(".filters").open = true;
    this.update();
    this.root.scrollIntoView({ block: "start" });
    this.search.focus({ preventScroll: true });
  }

  update() {
    this.filters.score.parentElement.querySelector("output").textContent = this.leastScore().toFixed(2);
    super.update();
    const undated = this.rows.filter((row) => !row.from).length;
    if (undated && this.isDateFiltered()) this.status.textContent += `; ${count(undated, "story", "stories")} without a date left out`;
    this.root.querySelector(".csv").disabled = !this.order.length;
  }

  isDateFiltered() {
    return Boolean(this.filters.from?.value || this.filters.until?.value);
  }

  leastScore() {
    return Number(this.filters.score.value);
  }

  isFiltered() {
    return super.isFiltered() || this.order.length < this.rows.length;
  }

  passes(index) {
    const { outlet, other, from, until } = this.filters, row = this.rows[index];
    const hasOutlet = (field) => !field?.value || row.outlets.includes(Number(field.value));
    return hasOutlet(outlet) && hasOutlet(other)
      && (!from?.value || (row.until && row.until >= from.value))
      && (!until?.value || (row.from && row.from <= until.value))
      && row.scores[1] >= this.leastScore();
  }

  searchText(index) {
    const { title, number } = this.rows[index];
    const { documents, facts, differing, sources } = this.content(index);
    return [title, `story ${number}`, ...documents.flatMap((item) => [item.title, item.outlet, item.id, item.date, ...item.only]),
      ...[...facts, ...sources].map(({ name }) => name), ...differing.flatMap(({ noun, values }) => [noun, ...values.map(({ name }) => name)])].join(" ");
  }

  // Rows.

  content(index) {
    return embedded(`contents-${this.part}-${Math.floor(index / this.storiesPerValue)}`)[index % this.storiesPerValue];
  }

  draw(index) {
    const row = this.rows[index];
    const named = row.outlets.slice(0, OUTLETS_NAMED).map((name) => this.outlets[name]), more = row.outlets.length - named.length;
    return this.drawRow(index, { class: "story", id: `story-${this.part}-${row.number}` }, [
      make("h3", { dir: "auto", lang: row.lang }, row.title),
      make("span", { class: "facts" }, [
        named.length > 0 && make("bdi", {}, named.join(", "), more > 0 && ` and ${more} more`),
        row.dates.length > 0 && make("bdi", {}, [...new Set(row.dates)].join(" – ")),
        make("span", { class: "hint" }, `Story ${row.number}: ${count(row.documents, "document")}, ${count(row.links, "link")}`),
        row.differing > 0 && make("span", { class: "changed" }, `≠ ${count(row.differing, "conflicting number")}`)])]);
  }

  drawContent(index) {
    const story = this.content(index);
    const hash = `story-${this.part}-${this.rows[index].number}`;
    const blocks = [
      ["wide", drawDocuments(story)], ["", [drawTimeline(story), drawDiffering(story), drawStorySources(story)]], ["", drawStoryFacts(story)], ["wide", new Pairs(this, index, this.leastScore()).draw()],
    ];
    return make("div", { class: "content" }, drawCopyButton("Copy link", () => addressOf(hash), ` to story ${this.rows[index].number}`),
      make("div", { class: "blocks" }, blocks.map(([name, block]) => make("section", { class: name }, block))));
  }

  hashOfPair({ number }, { letters }) {
    return `pair-${this.part}-${number}-${letters.join("-")}`;
  }

  compare(row, pair) {
    this.openComparison(`diff-${this.part}-${row.number}-${pair.left}-${pair.right}`, this.hashOfPair(row, pair));
  }

  // Open a story by its number. Return its element; null if the page does not have it.
  openNumber(number) {
    const index = this.rows.findIndex((row) => row.number === number);
    return index < 0 ? null : this.open(index);
  }

  // Open the comparison of two documents, named by their letters; if the page does not have it, show the pair in its
  // story. Return whether the documents are linked.
  openPair(number, left, right) {
    const index = this.rows.findIndex((row) => row.number === number);
    const pair = index >= 0 && this.content(index).pairs.find(({ letters }) => letters[0] === left && letters[1] === right);
    if (!pair) return false;
    if (Number(pair.score) < this.leastScore()) {
      this.clearFilters();
      this.update();
    }
    const item = this.open(index);
    if (pair.embedded) this.compare(this.rows[index], pair);
    else {
      const find = () => item.querySelector(`[data-pair="${left}-${right}"]`);
      const more = item.querySelector(".wide:last-child .show-more");
      while (!find() && !more.hidden) more.click();
      find()?.scrollIntoView({ block: "center" });
    }
    return true;
  }

  // Export and print.

  saveCsv() {
    const heading = ["story", "headline", "letter", "outlet", "date", "title", "id", "url", "first", "role", "credits", "only_here", "share_in_story"];
    const rows = this.order.flatMap((index) => this.content(index).documents.map((item) => [
      this.rows[index].number, this.rows[index].title, item.letter, item.outlet, item.time || item.date, item.title, item.id, item.url,
      item.first, item.role, item.cites?.join("; ") ?? "unknown", item.only.join("; "), item.share]));
    save(`dedup-stories-${this.part}.csv`, "text/csv", formatCsv([heading, ...rows]));
    const missing = this.order.reduce((sum, index) => sum + this.content(index).more, 0);
    this.status.textContent = `${count(this.order.length, "story", "stories")} with ${count(rows.length, "document")} saved`
      + (missing ? `; ${count(missing, "more document")} of them in stories.parquet only` : "");
  }

  // All stories that are listed are printed, each on its own page.
  setPrinting(printing) {
    if (printing) {
      while (this.shown < this.order.length) this.showMore();
      this.openedToPrint = [...this.list.querySelectorAll(":scope > .story:not([open])")];
      for (const item of this.openedToPrint) this.openRow(item);
    } else for (const item of this.openedToPrint || []) item.open = false;
  }
}

function drawDocuments(story) {
  const known = (key) => story.documents.some((item) => item[key]);
  const text = (heading, key, className) => ({ heading, className, draw: (item) => make("bdi", {}, item[key] || "–") });
  return [make("h4", {}, "Documents"), drawCards("Documents of the story", [
    { heading: "Letter", className: "letter-cell", draw: drawLetter },
    known("outlet") && text("Outlet", "outlet"),
    known("date") && text("Date", "date", "date-cell"),
    { heading: "Title", header: true, draw: (item) => [drawTitle(item), item.first && make("span", { class: "first" }, " first")] },
    { heading: "Role", draw: ({ role }) => ROLES[role] || "unknown" },
    { heading: "Credits", draw: ({ cites }) => (!cites ? "unknown" : cites.length ? drawNames(cites) : "none") },
    { heading: "Share in the story", className: "number", draw: ({ share }) => share },
    { heading: "Id", className: "id", draw: ({ id }) => drawId(id) },
  ].filter(Boolean), story.documents, { noun: "more document" }),
  story.more > 0 && make("p", { class: "hint" }, `and ${count(story.more, "more document")}, listed in stories.parquet`)];
}

// Draw an id, or a path: it is broken after a separator first.
function drawId(id) {
  return make("bdi", {}, id.split(/(?<=[/._-])/u).flatMap((part) => [part, make("wbr")]));
}

// Draw the title of a document, as a link if its address is known. Only addresses of the web are passed to the page.
function drawTitle({ title, lang, url }) {
  const text = make("span", { dir: "auto", lang }, title);
  return url ? make("a", { href: url, rel: "noopener noreferrer" }, text) : text;
}
