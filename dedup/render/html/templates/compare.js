// Compare two texts, in one of two orders of rows: both texts in their own order, with moved sentences joined by curves
// (the default on wide screens), or every pair as a row in the order of A (line by line).
// Rows that are drawn together; those out of view cost nothing until they are scrolled to.
const BLOCK_ROWS = 40;
// Estimated height of the sentences of a row that is not drawn yet, in pixels.
const SENTENCE_HEIGHT = 52;

class Comparison {
  constructor(root, view) {
    this.root = root;
    this.view = view;
    this.order = [0, 1];
    this.hideIdentical = false;
    this.lineByLine = NARROW_SCREEN.matches;
    // For each side, the index of the wording shown for a sentence.
    this.shownWordings = [new Map(), new Map()];
    this.marked = {};
    this.highlightedPair = null;
    this.differences = findDifferences(view);
    this.currentDifference = -1;
    this.identicalCount = view.pairs.filter(isIdentical).length;
    this.ribbons = new Ribbons({ show: (rank) => this.showPair(rank), highlight: (rank) => this.highlight(rank) });
    this.draw();
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    NARROW_SCREEN.addEventListener("change", () => this.setLineByLine(NARROW_SCREEN.matches), { signal });
    window.addEventListener("resize", () => this.ribbons.schedule(), { signal });
    window.addEventListener("beforeprint", () => this.drawAll(), { signal });
    document.addEventListener("scroll", () => this.ribbons.schedule(), { signal, capture: true, passive: true });
    document.addEventListener("keydown", (event) => this.handleKey(event), { signal });
  }

  destroy() {
    this.listeners.abort();
    clearTimeout(this.timer);
    this.ribbons.clear();
    this.root.replaceChildren();
  }

  // Page structure.

  draw() {
    const { view } = this;
    const note = view.same ? "Both texts are identical."
      : !view.pairs.length && "No aligned sentences: no sentence of A is similar enough to a sentence of B.";
    this.body = make("div", { class: "body" });
    this.body.addEventListener("pointerover", (event) => this.handleHover(event));
    this.body.addEventListener("pointerleave", () => this.highlight(null));
    this.body.addEventListener("focusin", (event) => this.handleFocus(event));
    const showSentence = (side, index) => this.showSentence(side, index);
    this.tables = [drawFacts(view.facts, showSentence), drawSources(view.sources, showSentence)].filter(Boolean);
    this.about = make("section", { class: "about", "aria-label": "Legend and summary", hidden: true }, this.drawSummary(), drawLegend(view.pairs));
    this.names = make("div", { class: "names" });
    this.root.replaceChildren(make("header", { class: "head" }, this.names, this.drawTools()), this.about,
      ...(note ? [make("p", { class: "note" }, note)] : []), this.body, ...this.tables);
    this.drawBody();
  }

  drawNames() {
    return this.order.map((side) => make("div", { class: "name" },
      make("h2", { title: this.view.names[side] }, make("span", { class: "letter" }, SIDES[side].letter), " ", make("bdi", {}, this.view.names[side])),
      make("span", { class: "coverage" }, this.view.coverage[side])));
  }

  drawSummary() {
    const names = this.view.names.map((text, side) => ({ label: SIDES[side].letter, text }));
    return make("dl", { class: "summary" }, [...names, ...this.view.summary].map(({ label, text }) =>
      make("div", { class: label === "conflicting" ? "conflicting" : null },
        make("dt", {}, label), make("dd", {}, make("bdi", {}, text)))));
  }

  drawTools() {
    // The parts of a label: narrower screens leave out the key and the third part, then the second one.
    const button = (key, name, [first, second = "", third = ""], action, pressed) =>
      make("button", { type: "button", click: action, "aria-pressed": pressed === undefined ? null : String(pressed),
        "aria-keyshortcuts": key, "aria-label": name, title: `${name} (key ${key})` },
      first, make("span", { class: "second" }, second), make("span", { class: "third" }, third), make("kbd", { "aria-hidden": "true" }, key));
    this.hideButton = button("h", "Hide identical sentences", ["Hide", " identical", " sentences"], () => this.setHideIdentical(!this.hideIdentical), false);
    this.hideButton.disabled = !this.identicalCount;
    this.linesButton = button("l", "Line by line", ["Line by line"], () => this.setLineByLine(!this.lineByLine), this.lineByLine);
    this.factsButton = button("f", "Facts and sources", ["Facts", "", " and sources"], () => this.toggleFacts(), false);
    this.factsButton.disabled = !this.tables.length;
    this.aboutButton = make("button", { type: "button", "aria-expanded": "false", click: () => this.toggleAbout() }, "Legend");
    this.status = make("span", { class: "status", role: "status" });
    return make("div", { class: "tools" },
      make("div", { class: "buttons", role: "toolbar", "aria-label": "Comparison" },
        button("p", "Previous difference", ["↑", " Previous", " difference"], () => this.goToDifference(-1)),
        button("n", "Next difference", ["↓", " Next", " difference"], () => this.goToDifference(1)),
        button("s", "Swap sides", ["Swap", "", " sides"], () => this.swap()),
        this.hideButton, this.linesButton, this.factsButton, this.aboutButton, this.status));
  }

  drawBody() {
    clearTimeout(this.timer);
    this.ribbons.clear();
    this.unmarkAll();
    // For each side, the first element of each sentence, if it is drawn and not hidden; and the rows of the pairs.
    this.boxes = [[], []];
    this.rowOfPair = new Map();
    this.hideButton.setAttribute("aria-pressed", String(this.hideIdentical));
    this.linesButton.setAttribute("aria-pressed", String(this.lineByLine));
    this.names.replaceChildren(...this.drawNames());
    const rows = this.shownRows();
    this.undrawn = [];
    for (let first = 0; first < rows.length; first += BLOCK_ROWS) {
      const element = make("div", { class: "block" }), some = rows.slice(first, first + BLOCK_ROWS);
      const heights = some.map(({ sides }) => Math.max(1, ...sides.map((indexes) => indexes.length)) * SENTENCE_HEIGHT);
      element.style.containIntrinsicHeight = `auto ${heights.reduce((sum, height) => sum + height, 0)}px`;
      this.undrawn.push({ element, rows: some });
    }
    this.body.className = `body ${this.lineByLine ? "by-pair" : "in-order"}`;
    this.body.replaceChildren(...this.undrawn.map(({ element }) => element), this.ribbons.layer);
    this.drawNextBlock();
  }

  // Draw the next block, and the others in later tasks, so that the page responds in between.
  drawNextBlock() {
    const block = this.undrawn.shift();
    if (!block) return;
    block.element.replaceChildren(...block.rows.map((row) => (row.hidden ? this.drawHiddenCount(row) : this.drawRow(row))));
    if (this.undrawn.length) this.timer = setTimeout(() => this.drawNextBlock());
  }

  drawAll() {
    clearTimeout(this.timer);
    while (this.undrawn.length) this.drawNextBlock();
    clearTimeout(this.timer);
  }

  // The rows of the chosen order. Instead of hidden rows, rows with their number.
  shownRows() {
    const shown = [];
    for (const row of this.lineByLine ? pairRows(this.view) : alignedRows(this.view)) {
      if (!this.isHidden(row)) shown.push(row);
      else if (shown.length && shown[shown.length - 1].hidden) shown[shown.length - 1].hidden += 1;
      else shown.push({ hidden: 1, sides: [[], []] });
    }
    return shown;
  }

  isHidden({ pair, sides }) {
    if (!this.hideIdentical || pair === null || !isIdentical(this.view.pairs[pair])) return false;
    const isOnlyHere = (side, index) => this.view.sides[side][index].wordings.every(({ pair: rank }) => isIdentical(this.view.pairs[rank]));
    return this.lineByLine || sides.every((indexes, side) => indexes.every((index) => isOnlyHere(side, index)));
  }

  drawHiddenCount({ hidden: number }) {
    return make("p", { class: "hidden-count" }, `⋯ ${count(number, "identical pair")}`);
  }

  drawRow(row) {
    const { pair: rank, sides } = row;
    const pair = rank === null ? null : this.view.pairs[rank];
    const unpaired = sides.map((indexes, side) => indexes.filter((index) => this.view.sides[side][index].wordings[0].pair === null).length);
    const cells = this.order.map((side) => make("div", { class: `cell ${SIDES[side].name}${sides[side].length ? "" : " empty"}` },
      sides[side].map((index) => this.drawBox(side, index, rank))));
    const label = pair ? drawPairLabel(pair) : drawUnpairedLabel(unpaired, this.order);
    const element = make("div", { class: `row ${pair ? pairClass(pair) : ""}` }, cells[0], label, cells[1]);
    if (pair) this.rowOfPair.set(rank, element);
    return element;
  }

  drawBox(side, index, rank) {
    const { wordings } = this.view.sides[side][index];
    const wording = wordings.findIndex(({ pair }) => pair !== null && pair === rank);
    if (wording > 0 && !this.lineByLine && !this.shownWordings[side].has(index)) this.shownWordings[side].set(index, wording);
    const isFirst = !this.boxes[side][index];
    const box = make("div", { role: "group", tabindex: this.boxes[side].length ? -1 : 0,
      "data-side": side, "data-index": index, "data-row": rank });
    if (isFirst) this.boxes[side][index] = box;
    this.fillBox(box);
    if (!this.lineByLine) {
      const moved = wordings.find(({ pair }) => pair !== null && this.view.pairs[pair].moved);
      if (moved) this.ribbons.add(box, moved.pair, this.order.indexOf(side));
    }
    return box;
  }

  fillBox(box) {
    const { side, index, row } = positionOf(box);
    const { letter, name } = SIDES[side];
    const { wordings, gap } = this.view.sides[side][index];
    const shown = this.lineByLine && row !== null ? wordings.findIndex(({ pair }) => pair === row) : this.shownWordings[side].get(index) || 0;
    const { pair: rank, pieces } = wordings[shown];
    const pair = rank === null ? null : this.view.pairs[rank];
    const others = pair && `${SIDES[1 - side].letter} ${formatRange(pair.sides[1 - side])}`;
    box.className = `box ${name} ${pairClass(pair)}${gap ? " gap" : ""}`;
    box.dataset.pair = rank;
    box.setAttribute("aria-label", `${letter} ${index + 1}, ${pair ? `${others}, ${describePair(pair)}` : `only in ${letter}`}`);
    const jump = pair && rank !== row && make("button", { type: "button", class: "jump", click: () => this.focusPartner(box) },
      `${pair.moved ? "↕ moved: " : ""}${others}`, hidden(": go to it"));
    const more = wordings.length > 1 && !this.lineByLine && make("button", { type: "button", class: "more", click: () => this.showNextWording(box) },
      `match ${shown + 1} of ${wordings.length}`, hidden(": show the next"));
    box.replaceChildren(
      make("span", { class: "sentence", "aria-hidden": "true" }, make("span", { class: "side-letter" }, letter), `${index + 1}`),
      make("p", { class: "text", dir: "auto", lang: this.view.languages[side] }, drawPieces(pieces, rank)),
      ...(jump || more ? [make("p", { class: "tag" }, jump, jump && ` ${pair.meaning} `, more)] : []));
  }

  showNextWording(box) {
    const { side, index } = positionOf(box);
    const { wordings } = this.view.sides[side][index];
    const { pair } = wordings[((this.shownWordings[side].get(index) || 0) + 1) % wordings.length];
    this.showWording(side, index, pair);
    box.querySelector(".more").focus();
    this.highlight(pair);
  }

  // Mark the words of a sentence as they correspond in a pair.
  showWording(side, index, rank) {
    const wording = this.view.sides[side][index].wordings.findIndex(({ pair }) => pair === rank);
    if (this.lineByLine || wording < 0 || wording === (this.shownWordings[side].get(index) || 0)) return;
    this.shownWordings[side].set(index, wording);
    if (this.boxes[side][index]) this.fillBox(this.boxes[side][index]);
  }

  // Highlighting: the pair at the pointer or the focus, and the words that correspond to the one at the pointer.

  handleHover(event) {
    // Scrolling moves other sentences below a pointer that rests.
    const place = `${event.screenX} ${event.screenY}`;
    if (place === this.pointerPlace) return;
    this.pointerPlace = place;
    const box = event.target.closest(".box");
    if (box) this.highlight(positionOf(box).pair, event.target.closest("[data-link]")?.dataset.link);
    else if (!event.target.closest(".ribbon-layer")) this.highlight(null);
  }

  handleFocus(event) {
    const box = event.target.closest(".box");
    if (!box) return;
    const { side, pair } = positionOf(box);
    this.body.querySelector(`.box[tabindex="0"][data-side="${side}"]`)?.setAttribute("tabindex", -1);
    box.tabIndex = 0;
    this.highlight(pair);
  }

  highlight(rank, link = null) {
    if (rank !== this.highlightedPair) {
      this.highlightedPair = rank;
      const boxes = rank === null ? [] : this.boxesOfPair(rank);
      this.mark("highlighted", boxes);
      this.ribbons.draw(rank);
    }
    this.mark("linked", link ? (this.marked.highlighted || []).flatMap((box) => [...box.querySelectorAll(`[data-link="${link}"]`)]) : []);
  }

  boxesOfPair(rank) {
    const row = this.rowOfPair.get(rank);
    if (row) for (const box of row.querySelectorAll(".box")) this.showWording(positionOf(box).side, positionOf(box).index, rank);
    if (this.lineByLine) return row ? [...row.querySelectorAll(".box")] : [];
    return this.view.pairs[rank].sides.flatMap((range, side) => indexesIn(range).map((index) => {
      this.showWording(side, index, rank);
      return this.boxes[side][index];
    })).filter(Boolean);
  }

  mark(name, elements) {
    for (const element of this.marked[name] || []) element.classList.remove(name);
    this.marked[name] = elements;
    for (const element of elements) element.classList.add(name);
  }

  unmarkAll() {
    for (const name of Object.keys(this.marked)) this.mark(name, []);
    this.highlightedPair = null;
  }

  // Moving through the page.

  goToDifference(step) {
    const total = this.differences.length;
    if (!total) {
      this.status.textContent = "No differences";
      return;
    }
    // Before the first step no difference is current (-1): backwards then leads to the last one.
    const start = this.currentDifference < 0 && step < 0 ? 0 : this.currentDifference;
    this.currentDifference = (start + step + total) % total;
    this.status.textContent = `Difference ${this.currentDifference + 1} of ${total}`;
    const { pair, side, index } = this.differences[this.currentDifference];
    const box = this.findBox(side, index, pair);
    if (!box) return;
    if (pair !== null) this.showWording(side, index, pair);
    this.mark("current", [box.closest(".row")]);
    this.goTo(box);
  }

  // Find the element of a sentence, in the row of a pair if the pair has one; everything is drawn first if necessary.
  findBox(side, index, rank = null) {
    const find = () => (this.lineByLine && rank !== null
      ? this.rowOfPair.get(rank)?.querySelector(`[data-side="${side}"][data-index="${index}"]`) : this.boxes[side][index]);
    if (!find()) this.drawAll();
    return find();
  }

  goTo(box) {
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "center" });
    this.ribbons.schedule();
  }

  focusPartner(box) {
    const { side, pair } = positionOf(box);
    if (pair === null) return;
    const partner = this.findBox(1 - side, this.view.pairs[pair].sides[1 - side][0], pair);
    if (!partner) return;
    this.showWording(1 - side, positionOf(partner).index, pair);
    this.goTo(partner);
  }

  // Focus the first sentence of a pair.
  showPair(rank) {
    const side = this.order[0], index = this.view.pairs[rank].sides[side][0];
    const box = this.findBox(side, index, rank);
    this.showWording(side, index, rank);
    this.goTo(box);
  }

  showSentence(side, index) {
    if (this.hideIdentical && !this.findBox(side, index)) this.setHideIdentical(false);
    const box = this.findBox(side, index);
    if (box) this.goTo(box);
  }

  // Keyboard and settings.

  handleKey(event) {
    const dialog = this.root.closest("dialog");
    if (isTyping(event) || (dialog && !dialog.open)) return;
    const actions = {
      n: () => this.goToDifference(1),
      p: () => this.goToDifference(-1),
      s: () => this.swap(),
      h: () => this.identicalCount && this.setHideIdentical(!this.hideIdentical),
      l: () => this.setLineByLine(!this.lineByLine),
      f: () => this.tables.length && this.toggleFacts(),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else if (event.target.classList?.contains("box")) this.handleArrow(event);
  }

  // Arrow keys: up and down within a text, left and right to the partner.
  handleArrow(event) {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      this.focusPartner(event.target);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const boxes = [...this.body.querySelectorAll(`.box[data-side="${event.target.dataset.side}"]`)];
      const next = boxes[boxes.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    }
  }

  // Draw the rows again, and scroll to the sentence that was the first in view.
  redraw() {
    const top = this.root.querySelector(".head").getBoundingClientRect().bottom;
    const place = this.body.getBoundingClientRect();
    const box = place.top < top && document.elementsFromPoint(place.left + 20, top + 30).map((element) => element.closest(".box")).find(Boolean);
    const position = box && positionOf(box);
    this.drawBody();
    if (position) this.findBox(position.side, position.index)?.scrollIntoView({ block: "start" });
  }

  swap() {
    this.order.reverse();
    this.redraw();
    this.status.textContent = `${SIDES[this.order[0]].letter} on the left`;
  }

  setHideIdentical(hideIdentical) {
    this.hideIdentical = hideIdentical;
    this.redraw();
    this.status.textContent = hideIdentical ? `${count(this.identicalCount, "identical pair")} hidden` : "All sentences shown";
  }

  setLineByLine(lineByLine) {
    this.lineByLine = lineByLine;
    this.redraw();
  }

  toggleFacts() {
    const shown = this.root.classList.toggle("show-facts");
    this.factsButton.setAttribute("aria-pressed", String(shown));
    this.status.textContent = shown ? "Facts and sources marked" : "Only differences marked";
  }

  toggleAbout() {
    this.about.hidden = !this.about.hidden;
    this.aboutButton.setAttribute("aria-expanded", String(!this.about.hidden));
    if (!this.about.hidden) this.about.scrollIntoView({ block: "start" });
  }
}

// Side and index of the sentence of a box, the pair of its row and the pair that is shown; null for none.
function positionOf({ dataset: { side, index, row, pair } }) {
  const rank = (value) => (value === undefined || value === "null" ? null : Number(value));
  return { side: Number(side), index: Number(index), row: rank(row), pair: rank(pair) };
}
