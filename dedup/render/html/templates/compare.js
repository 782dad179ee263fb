// Compare two texts in one of two layouts: panes (each text in its own order, with ribbons between aligned sentences)
// or lines (aligned sentences beside each other, in the order of A).
const NARROW_SCREEN = window.matchMedia("(max-width: 47rem)");
const REDUCED_MOTION = window.matchMedia("(prefers-reduced-motion: reduce)");
// How far a ribbon is drawn beyond the visible area, in pixels.
const RIBBON_OVERHANG = 120;
// The pointer rests on a sentence for this long before the other pane scrolls, in milliseconds.
const HOVER_DELAY = 120;

class Comparison {
  constructor(root, view) {
    this.root = root;
    this.view = view;
    this.order = [0, 1];
    this.hideIdentical = false;
    this.lineByLine = NARROW_SCREEN.matches;
    // For each side, the index of the wording shown for a sentence; 0 where no entry exists.
    this.shownWordings = [new Map(), new Map()];
    this.currentDifference = -1;
    this.listeners = new AbortController();
    this.draw();
    const signal = this.listeners.signal;
    NARROW_SCREEN.addEventListener("change", () => this.setLineByLine(NARROW_SCREEN.matches), { signal });
    window.addEventListener("resize", () => this.measure(), { signal });
    window.addEventListener("beforeprint", () => this.setPrinting(true), { signal });
    window.addEventListener("afterprint", () => this.setPrinting(false), { signal });
    document.addEventListener("keydown", (event) => this.handleKey(event), { signal });
  }

  destroy() {
    this.listeners.abort();
    this.root.replaceChildren();
  }

  // Page structure.

  draw() {
    const { view } = this;
    const parts = [this.drawTitles(), this.drawSummary()];
    if (view.same) parts.push(make("p", { class: "note" }, "Both texts are identical."));
    else if (!view.pairs.length) {
      parts.push(make("p", { class: "note" }, "No aligned sentences: no sentence of A corresponds to a sentence of B."));
    }
    this.body = make("div", { class: "body" });
    const showSentence = (side, index) => this.showSentence(side, index);
    parts.push(this.drawTools(), this.body, drawFacts(view.facts, showSentence), drawSources(view.sources, showSentence));
    this.root.replaceChildren(...parts.filter(Boolean));
    this.drawBody();
  }

  drawTitles() {
    return make("header", { class: "names" }, SIDES.map(({ letter, name }, side) =>
      make("h2", {}, make("span", { class: `letter ${name}` }, letter), " ", make("bdi", {}, this.view.names[side]))));
  }

  drawSummary() {
    return make("dl", { class: "summary" }, this.view.summary.map(({ label, text }) =>
      make("div", { class: label === "conflicting" ? "conflicting" : null },
        make("dt", {}, label), make("dd", {}, make("bdi", {}, text)))));
  }

  drawTools() {
    const button = (key, label, action, pressed) =>
      make("button", { type: "button", click: action, "aria-pressed": pressed === undefined ? null : String(pressed),
        "aria-keyshortcuts": key }, label, make("kbd", { "aria-hidden": "true" }, key));
    this.identicalCount = this.view.pairs.filter(isIdentical).length;
    this.hideButton = button("h", "Hide identical sentences", () => this.setHideIdentical(!this.hideIdentical), this.hideIdentical);
    this.hideButton.disabled = !this.identicalCount;
    this.linesButton = button("l", "Line by line", () => this.setLineByLine(!this.lineByLine), this.lineByLine);
    this.status = make("span", { class: "status", role: "status" });
    this.differences = this.findDifferences();
    return make("div", { class: "tools" },
      make("div", { class: "buttons", role: "toolbar", "aria-label": "Comparison" },
        button("p", "Previous difference", () => this.goToDifference(-1)),
        button("n", "Next difference", () => this.goToDifference(1)),
        button("s", "Swap sides", () => this.swap()),
        this.hideButton, this.linesButton, this.status),
      drawLegend(this.view.pairs));
  }

  drawBody() {
    // For each side, the element of each sentence; null where it is hidden.
    this.boxes = [[], []];
    // Rows of the line layout by key of the difference.
    this.rowByKey = new Map();
    this.hideButton.setAttribute("aria-pressed", String(this.hideIdentical));
    this.linesButton.setAttribute("aria-pressed", String(this.lineByLine));
    if (this.lineByLine) this.body.replaceChildren(this.drawLines());
    else {
      this.body.replaceChildren(this.drawPanes());
      this.measure();
    }
  }

  // Panes.

  drawPanes() {
    this.panes = [];
    this.ribbons = makeSvg("svg", { class: "ribbons", "aria-hidden": "true" });
    this.ribbonPaths = new Map();
    for (const side of this.order) {
      const { letter, name } = SIDES[side];
      const list = make("ol", { class: "sentences" }, this.drawSentences(side));
      const pane = make("section", { class: `pane ${name}`, "aria-label": `${letter}: ${this.view.names[side]}` }, list);
      pane.addEventListener("scroll", () => this.scheduleRibbons(), { passive: true });
      pane.addEventListener("pointerover", (event) => this.handleHover(event));
      pane.addEventListener("pointerleave", () => this.highlight(null));
      pane.addEventListener("focusin", (event) => this.handleFocus(event));
      this.panes[side] = pane;
    }
    this.ribbons.addEventListener("pointerover", (event) => this.highlight(rankOfRibbon(event.target)));
    this.ribbons.addEventListener("pointerleave", () => this.highlight(null));
    this.ribbons.addEventListener("click", (event) => this.showPair(rankOfRibbon(event.target)));
    return make("div", { class: "panes" }, this.panes[this.order[0]], this.ribbons, this.panes[this.order[1]]);
  }

  drawSentences(side) {
    const items = [];
    let hiddenCount = 0;
    const drawHiddenCount = () => {
      if (hiddenCount) items.push(make("li", { class: "hidden-count" }, `⋯ ${count(hiddenCount, "identical sentence")}`));
      hiddenCount = 0;
    };
    this.view.sides[side].forEach((sentence, index) => {
      if (this.hideIdentical && this.isHidden(side, index)) {
        hiddenCount += 1;
        this.boxes[side].push(null);
        return;
      }
      drawHiddenCount();
      const tabindex = this.boxes[side].some(Boolean) ? -1 : 0;
      const box = make("li", { class: "box", tabindex, "data-side": side, "data-index": index });
      this.boxes[side].push(box);
      this.drawSentence(side, index);
      items.push(box);
    });
    drawHiddenCount();
    return items;
  }

  drawSentence(side, index) {
    const box = this.boxes[side][index];
    const { wordings, gap } = this.view.sides[side][index];
    const shown = this.shownWordings[side].get(index) || 0;
    const { pair: rank, pieces } = wordings[shown];
    const pair = rank === null ? null : this.view.pairs[rank];
    box.className = `box ${pairClass(pair)}${gap ? " gap" : ""}`;
    const label = pair
      ? `${index + 1} ↔ ${SIDES[1 - side].letter} ${formatRange(pair.sides[1 - side])} · ${describePair(pair)}`
      : `${index + 1} only in ${SIDES[side].letter}`;
    const more = wordings.length > 1 && make("button", { type: "button", class: "more", click: () => this.showNextWording(side, index) },
      `match ${shown + 1} of ${wordings.length}`, hidden(": show the next"));
    box.replaceChildren(
      make("p", { class: "tag" }, label, more),
      make("p", { class: "text", dir: "auto" }, drawPieces(pieces, rank)));
  }

  showNextWording(side, index) {
    const { wordings } = this.view.sides[side][index];
    const next = ((this.shownWordings[side].get(index) || 0) + 1) % wordings.length;
    const rank = wordings[next].pair;
    this.showWording(side, index, rank);
    this.boxes[side][index].querySelector(".more").focus();
    this.highlight(rank);
    this.scrollToPartner(rank, side, index);
    this.measure();
  }

  // Mark the words of a sentence as they correspond in a pair.
  showWording(side, index, rank) {
    const wording = this.view.sides[side][index].wordings.findIndex(({ pair }) => pair === rank);
    if (wording < 0 || wording === (this.shownWordings[side].get(index) || 0)) return;
    this.shownWordings[side].set(index, wording);
    if (this.boxes[side][index]) this.drawSentence(side, index);
  }

  shownPair(side, index) {
    return this.view.sides[side][index].wordings[this.shownWordings[side].get(index) || 0].pair;
  }

  isHidden(side, index) {
    return this.view.sides[side][index].wordings.every(({ pair }) => pair !== null && isIdentical(this.view.pairs[pair]));
  }

  // Ribbons.

  measure() {
    if (this.lineByLine || !this.panes) return;
    this.extents = this.boxes.map((boxes) => boxes.map((box) => box && [box.offsetTop, box.offsetTop + box.offsetHeight]));
    this.drawRibbons();
  }

  scheduleRibbons() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.drawRibbons();
    });
  }

  drawRibbons() {
    if (this.lineByLine || !this.extents) return;
    const width = this.ribbons.clientWidth, height = this.ribbons.clientHeight;
    const drawn = new Set();
    this.view.pairs.forEach((pair, rank) => {
      const ends = this.order.map((side) => this.visibleExtent(side, pair.sides[side]));
      if (!ends.every(Boolean) || !ends.some(([top, bottom]) => bottom > 0 && top < height)) return;
      drawn.add(rank);
      let path = this.ribbonPaths.get(rank);
      if (!path) {
        path = makeSvg("path", { class: `ribbon ${pair.kind}${pair.moved ? " moved" : ""}`, "data-pair": rank });
        this.ribbonPaths.set(rank, path);
        this.ribbons.append(path);
      }
      path.classList.toggle("highlighted", rank === this.highlightedPair);
      // A distant end would turn the ribbon into a steep line, so each end is clipped a little outside the picture.
      const clip = (position) => Math.min(Math.max(position, -RIBBON_OVERHANG), height + RIBBON_OVERHANG);
      path.setAttribute("d", ribbonPath(ends[0].map(clip), ends[1].map(clip), width));
    });
    for (const [rank, path] of this.ribbonPaths) {
      if (!drawn.has(rank)) {
        path.remove();
        this.ribbonPaths.delete(rank);
      }
    }
  }

  // Top and bottom of a range of sentences, relative to the visible part of their pane; null if all are hidden.
  visibleExtent(side, [first, stop]) {
    const extents = this.extents[side].slice(first, stop).filter(Boolean);
    if (!extents.length) return null;
    const { scrollTop } = this.panes[side];
    return [extents[0][0] - scrollTop, extents[extents.length - 1][1] - scrollTop];
  }

  // Highlighting. The pointer or the focus on a sentence highlights its pair and scrolls the other pane to its partner.

  handleHover(event) {
    const box = event.target.closest(".box");
    if (!box) {
      this.highlight(null);
      return;
    }
    clearTimeout(this.hoverTimer);
    const side = Number(box.dataset.side), index = Number(box.dataset.index);
    const rank = this.shownPair(side, index);
    this.highlight(rank, event.target.closest("[data-link]")?.dataset.link);
    if (rank !== null) this.hoverTimer = setTimeout(() => this.scrollToPartner(rank, side, index), HOVER_DELAY);
  }

  handleFocus(event) {
    const box = event.target.closest(".box");
    if (!box) return;
    const side = Number(box.dataset.side), index = Number(box.dataset.index);
    for (const other of this.boxes[side]) if (other) other.tabIndex = other === box ? 0 : -1;
    const rank = this.shownPair(side, index);
    this.highlight(rank);
    if (rank !== null) this.scrollToPartner(rank, side, index);
  }

  // Highlight a pair, and within it the words of a link.
  highlight(rank, link = null) {
    if (rank !== this.highlightedPair) {
      this.unmark("highlighted");
      this.highlightedPair = rank;
      if (rank !== null) this.highlightSentences(rank);
      this.measure();
    }
    if (link === this.highlightedLink) return;
    this.unmark("linked");
    this.highlightedLink = link;
    if (link) for (const word of this.root.querySelectorAll(`[data-link="${link}"]`)) word.classList.add("linked");
  }

  highlightSentences(rank) {
    this.view.pairs[rank].sides.forEach((range, side) => {
      for (const index of indexesIn(range)) {
        this.showWording(side, index, rank);
        this.boxes[side][index]?.classList.add("highlighted");
      }
    });
  }

  unmark(name) {
    for (const element of this.root.querySelectorAll(`.${name}`)) element.classList.remove(name);
  }

  // Scroll the other pane so that the partner is level with the sentence, unless the partner is completely visible.
  scrollToPartner(rank, side, index) {
    if (this.lineByLine || !this.boxes[side][index]) return;
    const pane = this.panes[1 - side];
    const partner = this.visibleExtent(1 - side, this.view.pairs[rank].sides[1 - side]);
    if (!partner || (partner[0] >= 0 && partner[1] <= pane.clientHeight)) return;
    const [top] = this.visibleExtent(side, [index, index + 1]) || [0];
    const lowest = Math.max(0, pane.clientHeight - (partner[1] - partner[0]));
    const target = Math.min(Math.max(top, 0), lowest);
    pane.scrollTo({ top: pane.scrollTop + partner[0] - target, behavior: scrollBehavior() });
  }

  // Focus the first sentence of a pair, and show both sides.
  showPair(rank) {
    if (rank === null) return;
    const side = this.order[0], index = this.view.pairs[rank].sides[side][0];
    this.showWording(side, index, rank);
    this.boxes[side][index].focus({ preventScroll: true });
    this.boxes[side][index].scrollIntoView({ block: "nearest", behavior: scrollBehavior() });
    this.highlight(rank);
    this.scrollToPartner(rank, side, index);
  }

  // Lines.

  drawLines() {
    const items = [];
    let hiddenCount = 0;
    const drawHiddenCount = () => {
      if (hiddenCount) items.push(make("div", { class: "hidden-count" }, `⋯ ${count(hiddenCount, "identical pair")}`));
      hiddenCount = 0;
    };
    for (const row of this.groupRows()) {
      if (this.hideIdentical && row.pair !== null && isIdentical(this.view.pairs[row.pair])) {
        hiddenCount += 1;
        continue;
      }
      drawHiddenCount();
      items.push(row.pair === null ? this.drawUnpaired(row.sides) : this.drawPair(row.pair, row.sides));
    }
    drawHiddenCount();
    return make("div", { class: "lines" }, items);
  }

  // Group consecutive rows without a pair. Each result has the rank of the pair or null, and sentence indexes by side.
  groupRows() {
    const grouped = [];
    for (const { pair, sides } of this.view.rows) {
      const indexes = sides.map((range) => (range ? indexesIn(range) : []));
      const last = grouped[grouped.length - 1];
      if (pair === null && last && last.pair === null) indexes.forEach((some, side) => last.sides[side].push(...some));
      else grouped.push({ pair, sides: indexes });
    }
    return grouped;
  }

  drawPair(rank, sides) {
    const pair = this.view.pairs[rank];
    const label = `A ${formatRange(pair.sides[0])} ↔ B ${formatRange(pair.sides[1])} · ${describePair(pair)}`;
    const row = make("section", { class: `line ${pairClass(pair)}`, tabindex: -1, "aria-label": `Pair ${rank + 1}` },
      make("p", { class: "tag" }, label),
      make("div", { class: "columns" }, this.order.map((side) => this.drawCell(side, sides[side], rank))));
    this.rowByKey.set(differenceKey(rank, sides), row);
    sides.forEach((indexes, side) => indexes.forEach((index) => { this.boxes[side][index] ||= row; }));
    return row;
  }

  drawUnpaired(sides) {
    const labels = this.order.filter((side) => sides[side].length)
      .map((side) => `${count(sides[side].length, "sentence")} only in ${SIDES[side].letter}`);
    const row = make("section", { class: "line unpaired", tabindex: -1, "aria-label": "Unpaired sentences" },
      make("p", { class: "tag" }, labels.join(", ")),
      make("div", { class: "columns" }, this.order.map((side) => this.drawCell(side, sides[side], null))));
    this.rowByKey.set(differenceKey(null, sides), row);
    sides.forEach((indexes, side) => indexes.forEach((index) => { this.boxes[side][index] = row; }));
    return row;
  }

  drawCell(side, indexes, rank) {
    const { letter, name } = SIDES[side];
    return make("div", { class: `cell ${name}${indexes.length ? "" : " empty"}` },
      indexes.length ? make("span", { class: "letter", "aria-label": `${letter}:`, role: "img" }, letter) : null,
      make("div", { class: "text" }, indexes.map((index) => {
        const { wordings } = this.view.sides[side][index];
        const { pieces } = wordings.find(({ pair }) => pair === rank) || wordings[0];
        return make("p", { dir: "auto" }, drawPieces(pieces, rank));
      })));
  }

  // Differences: pairs that are not identical, and groups of unpaired sentences.

  findDifferences() {
    return this.groupRows().filter(({ pair }) => pair === null || !isIdentical(this.view.pairs[pair])).map(({ pair, sides }) => {
      const side = pair === null && !sides[0].length ? 1 : 0;
      return { key: differenceKey(pair, sides), pair, side, index: sides[side][0] };
    });
  }

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
    const { key, pair, side, index } = this.differences[this.currentDifference];
    const target = this.lineByLine ? this.rowByKey.get(key) : this.boxes[side][index];
    if (!target) return;
    if (!this.lineByLine && pair !== null) this.showWording(side, index, pair);
    this.unmark("current");
    target.classList.add("current");
    target.scrollIntoView({ block: this.lineByLine ? "start" : "nearest" });
    target.focus({ preventScroll: true });
    if (!this.lineByLine) this.highlight(pair);
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
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else if (event.target.classList?.contains("box")) this.handleArrow(event);
  }

  // Arrow keys: up and down within a text, left and right to the partner.
  handleArrow(event) {
    const side = Number(event.target.dataset.side), index = Number(event.target.dataset.index);
    let next = null;
    if (event.key === "ArrowDown") next = this.boxes[side].slice(index + 1).find(Boolean);
    else if (event.key === "ArrowUp") next = this.boxes[side].slice(0, index).reverse().find(Boolean);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const rank = this.shownPair(side, index);
      if (rank !== null) next = this.boxes[1 - side][this.view.pairs[rank].sides[1 - side][0]];
    }
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  swap() {
    this.order.reverse();
    this.drawBody();
    this.status.textContent = `${SIDES[this.order[0]].letter} on the left`;
  }

  setHideIdentical(hideIdentical) {
    this.hideIdentical = hideIdentical;
    this.drawBody();
    this.status.textContent = hideIdentical ? `${count(this.identicalCount, "identical pair")} hidden` : "All sentences shown";
  }

  setLineByLine(lineByLine) {
    this.lineByLine = lineByLine;
    this.drawBody();
  }

  // Panes scroll, so only the line layout can be printed in full.
  setPrinting(printing) {
    if (printing) {
      this.layoutBeforePrinting = this.lineByLine;
      this.setLineByLine(true);
    } else if (this.layoutBeforePrinting !== undefined) this.setLineByLine(this.layoutBeforePrinting);
  }

  showSentence(side, index) {
    if (this.hideIdentical && !this.boxes[side][index]) this.setHideIdentical(false);
    const box = this.boxes[side][index];
    if (!box) return;
    this.body.scrollIntoView({ block: "start" });
    box.scrollIntoView({ block: this.lineByLine ? "start" : "nearest" });
    box.focus({ preventScroll: true });
  }
}

function differenceKey(rank, sides) {
  return rank === null ? `unpaired ${sides[0].length ? "A" : "B"} ${[...sides[0], ...sides[1]][0]}` : `pair ${rank}`;
}

function scrollBehavior() {
  return REDUCED_MOTION.matches ? "auto" : "smooth";
}

// Outline of a ribbon from one extent on the left to another on the right.
function ribbonPath([leftTop, leftBottom], [rightTop, rightBottom], width) {
  const middle = width / 2;
  return `M0,${leftTop}C${middle},${leftTop} ${middle},${rightTop} ${width},${rightTop}`
    + `L${width},${rightBottom}C${middle},${rightBottom} ${middle},${leftBottom} 0,${leftBottom}Z`;
}

function rankOfRibbon(path) {
  return path.dataset?.pair === undefined ? null : Number(path.dataset.pair);
}
