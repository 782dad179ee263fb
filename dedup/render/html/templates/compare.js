// Two texts side by side: sentences as boxes joined by ribbons, or line by line; words marked; a ledger of facts.
const NARROW = window.matchMedia("(max-width: 47rem)");
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const WORDS = { "=": "same", "~": "equivalent", ">": "replaced", "!": "unique", ".": "small" };
const LEGEND = [["same", "identical"], ["equivalent", "in another form"], ["replaced", "replaced"]];
const FACTS_SHOWN = 40;
const BEYOND = 120;

class Comparison {
  constructor(root, view) {
    this.root = root;
    this.view = view;
    this.order = [0, 1];
    this.hides = false;
    this.lines = NARROW.matches;
    this.chosen = [new Map(), new Map()];
    this.stop = -1;
    this.abort = new AbortController();
    this.draw();
    const signal = this.abort.signal;
    NARROW.addEventListener("change", () => this.setLines(NARROW.matches), { signal });
    window.addEventListener("resize", () => this.measure(), { signal });
    window.addEventListener("beforeprint", () => this.print(true), { signal });
    window.addEventListener("afterprint", () => this.print(false), { signal });
    document.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  end() {
    this.abort.abort();
    this.root.replaceChildren();
  }

  // The whole, top to bottom.

  draw() {
    const view = this.view;
    const parts = [this.drawTitle(), this.drawSummary()];
    if (view.same) parts.push(make("p", { class: "note" }, "The same text, character for character."));
    else if (!view.pairs.length) {
      parts.push(make("p", { class: "note" }, "Nothing to set side by side: no sentence of one says what a sentence of the other says."));
    }
    this.body = make("div", { class: "body" });
    parts.push(this.drawTools(), this.body, this.drawFacts(), this.drawSources());
    this.root.replaceChildren(...parts.filter(Boolean));
    this.drawBody();
  }

  drawTitle() {
    return make("header", { class: "names" }, [0, 1].map((side) =>
      make("h2", {}, make("span", { class: `letter ${"ab"[side]}` }, "AB"[side]), " ", make("bdi", {}, this.view.names[side]))));
  }

  drawSummary() {
    return make("dl", { class: "summary" }, this.view.summary.map(([label, said]) =>
      make("div", { class: label === "conflicting" ? "conflicting" : null },
        make("dt", {}, label), make("dd", {}, make("bdi", {}, said)))));
  }

  drawTools() {
    const button = (key, label, action, pressed) =>
      make("button", { type: "button", click: action, "aria-pressed": pressed === undefined ? null : String(pressed),
        "aria-keyshortcuts": key }, label, make("kbd", { "aria-hidden": "true" }, key));
    this.identical = this.view.pairs.filter((pair) => isIdentical(pair)).length;
    this.hideButton = button("h", "Hide what is identical", () => this.setHides(!this.hides), this.hides);
    this.hideButton.disabled = !this.identical;
    this.lineButton = button("l", "Line by line", () => this.setLines(!this.lines), this.lines);
    this.status = make("span", { class: "status", role: "status" });
    this.stops = this.findStops();
    return make("div", { class: "tools" },
      make("div", { class: "buttons", role: "toolbar", "aria-label": "Comparison" },
        button("p", "Previous difference", () => this.go(-1)),
        button("n", "Next difference", () => this.go(1)),
        button("s", "Swap sides", () => this.swap()),
        this.hideButton, this.lineButton, this.status),
      this.drawLegend());
  }

  // What the marks mean: those that occur.
  drawLegend() {
    const pairs = this.view.pairs, kinds = new Set(pairs.map((pair) => pair.kind));
    const item = (...parts) => make("li", {}, parts);
    return make("ul", { class: "legend", "aria-label": "How words are marked" },
      [...kinds].some((kind) => kind !== "verbatim") && LEGEND.map(([kind, meaning]) => item(make("span", { class: `w ${kind}` }, meaning))),
      kinds.has("light") && item(make("span", { class: "w unique" }, "unique to its side")),
      (kinds.has("heavy") || kinds.has("related")) && item("no mark: unique to its side, or a small word"),
      item(make("span", { class: "fact" }, "fact")),
      item(make("span", { class: "source" }, "credited"), make("sup", { class: "credit" }, "source")),
      pairs.some((pair) => pair.moved) && item(makeSvg("svg", { class: "sample", viewBox: "0 0 40 12", "aria-hidden": "true" },
        makeSvg("path", { class: "ribbon moved", d: "M0,1C20,1 20,4 40,4L40,11C20,11 20,8 0,8Z" })), " moved"));
  }

  drawBody() {
    this.boxes = [[], []];
    this.rowOf = new Map();
    this.hideButton.setAttribute("aria-pressed", String(this.hides));
    this.lineButton.setAttribute("aria-pressed", String(this.lines));
    if (this.lines) this.body.replaceChildren(this.drawLines());
    else {
      this.body.replaceChildren(this.drawPanes());
      this.measure();
    }
  }

  // Panes: each text in its own order, ribbons between them.

  drawPanes() {
    this.panes = [];
    this.ribbons = makeSvg("svg", { class: "ribbons", "aria-hidden": "true" });
    this.paths = new Map();
    for (const side of this.order) {
      const list = make("ol", { class: "sentences" }, this.drawSentences(side));
      const pane = make("section", { class: `pane ${"ab"[side]}`, "aria-label": `${"AB"[side]}: ${this.view.names[side]}` }, list);
      pane.addEventListener("scroll", () => this.later(), { passive: true });
      pane.addEventListener("pointerover", (event) => this.hover(event));
      pane.addEventListener("pointerleave", () => this.light(null));
      pane.addEventListener("focusin", (event) => this.focus(event));
      this.panes[side] = pane;
    }
    this.ribbons.addEventListener("pointerover", (event) => this.light(pairOf(event.target)));
    this.ribbons.addEventListener("pointerleave", () => this.light(null));
    this.ribbons.addEventListener("click", (event) => this.follow(pairOf(event.target)));
    return make("div", { class: "panes" }, this.panes[this.order[0]], this.ribbons, this.panes[this.order[1]]);
  }

  drawSentences(side) {
    const items = [];
    let passed = 0;
    const flush = () => {
      if (passed) items.push(make("li", { class: "passed" }, `⋯ ${many(passed, "identical sentence")}`));
      passed = 0;
    };
    this.view.sides[side].forEach((sentence, at) => {
      if (this.hides && this.isHidden(side, at)) {
        passed += 1;
        this.boxes[side].push(null);
        return;
      }
      flush();
      const box = make("li", { class: "box", tabindex: this.boxes[side].some(Boolean) ? -1 : 0, "data-side": side, "data-at": at });
      if (sentence.gap) box.classList.add("gap");
      this.boxes[side].push(box);
      this.drawSentence(side, at);
      items.push(box);
    });
    flush();
    return items;
  }

  drawSentence(side, at) {
    const box = this.boxes[side][at];
    const wordings = this.view.sides[side][at].in;
    const shown = this.chosen[side].get(at) || 0;
    const [rank, pieces] = wordings[shown];
    const pair = this.view.pairs[rank];
    box.className = `box ${sentenceClass(pair)} ${box.classList.contains("gap") ? "gap" : ""}`;
    const tag = [`${at + 1}`];
    if (!pair) tag.push(` only in ${"AB"[side]}`);
    else tag.push(` ↔ ${"AB"[1 - side]} ${span(pair.sides[1 - side])} · ${describe(pair)}`);
    const more = wordings.length > 1 && make("button", { type: "button", class: "more", click: () => this.nextPartner(side, at) },
      `partner ${shown + 1} of ${wordings.length}`, hidden(": show the next"));
    box.replaceChildren(
      make("p", { class: "tag" }, tag, more),
      make("p", { class: "text", dir: "auto" }, drawPieces(pieces, rank)));
  }

  nextPartner(side, at) {
    const wordings = this.view.sides[side][at].in;
    this.choose(side, at, wordings[((this.chosen[side].get(at) || 0) + 1) % wordings.length][0]);
    const rank = wordings[this.chosen[side].get(at)][0];
    this.boxes[side][at].querySelector(".more").focus();
    this.light(rank);
    this.bring(rank, side, at);
    this.measure();
  }

  // Let a sentence show how it corresponds in a pair.
  choose(side, at, rank) {
    const place = this.view.sides[side][at].in.findIndex((wording) => wording[0] === rank);
    if (place < 0 || place === (this.chosen[side].get(at) || 0)) return;
    this.chosen[side].set(at, place);
    if (this.boxes[side][at]) this.drawSentence(side, at);
  }

  shownPair(side, at) {
    return this.view.sides[side][at].in[this.chosen[side].get(at) || 0][0];
  }

  isHidden(side, at) {
    return this.view.sides[side][at].in.every(([rank]) => rank >= 0 && isIdentical(this.view.pairs[rank]));
  }

  // Ribbons.

  measure() {
    if (this.lines || !this.panes) return;
    this.tops = this.boxes.map((boxes) => boxes.map((box) => box && [box.offsetTop, box.offsetTop + box.offsetHeight]));
    this.drawRibbons();
  }

  later() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.drawRibbons();
    });
  }

  drawRibbons() {
    if (this.lines || !this.tops) return;
    const width = this.ribbons.clientWidth, height = this.ribbons.clientHeight;
    const seen = new Set();
    this.view.pairs.forEach((pair, rank) => {
      const [one, other] = this.order.map((side) => this.extent(side, pair.sides[side]));
      if (!one || !other) return;
      const isSeen = ([top, bottom]) => bottom > 0 && top < height;
      if (!isSeen(one) && !isSeen(other)) return;
      seen.add(rank);
      let path = this.paths.get(rank);
      if (!path) {
        path = makeSvg("path", { class: `ribbon ${pair.kind}${pair.moved ? " moved" : ""}`, "data-pair": rank });
        this.paths.set(rank, path);
        this.ribbons.append(path);
      }
      path.classList.toggle("lit", rank === this.lit);
      // An end far outside would make the ribbon a steep line: it leaves the picture a little beyond the edge.
      const [start, stop] = [one, other].map((ends) => ends.map((place) => Math.min(Math.max(place, -BEYOND), height + BEYOND)));
      path.setAttribute("d", ribbon(start, stop, width));
    });
    for (const [rank, path] of this.paths) {
      if (!seen.has(rank)) {
        path.remove();
        this.paths.delete(rank);
      }
    }
  }

  // Where sentences stand in what is seen of their pane: top and bottom.
  extent(side, [first, last]) {
    const places = this.tops[side].slice(first, last).filter(Boolean);
    if (!places.length) return null;
    const scrolled = this.panes[side].scrollTop;
    return [places[0][0] - scrolled, places[places.length - 1][1] - scrolled];
  }

  // Hovering and focusing light both sides, and bring the other one into view.

  hover(event) {
    const word = event.target.closest("[data-link]");
    const box = event.target.closest(".box");
    if (!box) return this.light(null);
    const side = Number(box.dataset.side), at = Number(box.dataset.at);
    const rank = this.shownPair(side, at);
    this.light(rank, word && word.dataset.link);
    clearTimeout(this.bringing);
    if (rank >= 0) this.bringing = setTimeout(() => this.bring(rank, side, at), 120);
    return undefined;
  }

  focus(event) {
    const box = event.target.closest(".box");
    if (!box) return;
    const side = Number(box.dataset.side), at = Number(box.dataset.at);
    for (const other of this.boxes[side]) if (other) other.tabIndex = other === box ? 0 : -1;
    const rank = this.shownPair(side, at);
    this.light(rank);
    if (rank >= 0) this.bring(rank, side, at);
  }

  light(rank, link) {
    if (rank === null || rank === undefined || rank < 0) rank = null;
    if (rank !== this.lit) {
      for (const element of this.root.querySelectorAll(".lit")) element.classList.remove("lit");
      this.lit = rank;
      if (rank !== null) {
        this.view.pairs[rank].sides.forEach(([first, last], side) => {
          for (let at = first; at < last; at += 1) {
            this.choose(side, at, rank);
            if (this.boxes[side][at]) this.boxes[side][at].classList.add("lit");
          }
        });
      }
      if (!this.lines) this.measure();
    }
    if (link === this.litLink) return;
    for (const element of this.root.querySelectorAll(".pointed")) element.classList.remove("pointed");
    this.litLink = link;
    if (link) for (const element of this.root.querySelectorAll(`[data-link="${link}"]`)) element.classList.add("pointed");
  }

  // Scroll the other pane so that the partner stands where its counterpart does, unless all of it is in view.
  bring(rank, side, at) {
    if (this.lines || !this.boxes[side][at]) return;
    const other = 1 - side, pane = this.panes[other];
    const extent = this.extent(other, this.view.pairs[rank].sides[other]);
    if (!extent || (extent[0] >= 0 && extent[1] <= pane.clientHeight)) return;
    const here = this.extent(side, [at, at + 1]);
    const room = Math.max(0, pane.clientHeight - (extent[1] - extent[0]));
    const place = Math.min(Math.max(here ? here[0] : 0, 0), room);
    pane.scrollTo({ top: pane.scrollTop + extent[0] - place, behavior: CALM.matches ? "auto" : "smooth" });
  }

  follow(rank) {
    if (rank === null) return;
    const side = this.order[0], at = this.view.pairs[rank].sides[side][0];
    this.choose(side, at, rank);
    this.boxes[side][at].focus({ preventScroll: true });
    this.boxes[side][at].scrollIntoView({ block: "nearest", behavior: CALM.matches ? "auto" : "smooth" });
    this.light(rank);
    this.bring(rank, side, at);
  }

  // Line by line: pairs beside each other, in the order of A.

  drawLines() {
    const rows = [];
    let alone = null;
    for (const row of this.view.rows) {
      if (row[2] === null) {
        if (!alone) rows.push((alone = { alone: [[], []] }));
        [0, 1].forEach((side) => row[side] && alone.alone[side].push(row[side][0]));
      } else {
        alone = null;
        rows.push({ pair: row[2], sides: [row[0], row[1]] });
      }
    }
    let passed = 0;
    const items = [];
    for (const row of rows) {
      if (this.hides && row.pair !== undefined && isIdentical(this.view.pairs[row.pair])) {
        passed += 1;
        continue;
      }
      if (passed) items.push(make("div", { class: "passed" }, `⋯ ${many(passed, "identical pair")}`));
      passed = 0;
      items.push(row.alone ? this.drawAlone(row) : this.drawPair(row));
    }
    if (passed) items.push(make("div", { class: "passed" }, `⋯ ${many(passed, "identical pair")}`));
    return make("div", { class: "lines" }, items);
  }

  drawPair({ pair: rank, sides }) {
    const pair = this.view.pairs[rank];
    const row = make("section", { class: `line ${sentenceClass(pair)}`, tabindex: -1, "aria-label": `Pair ${rank + 1}` },
      make("p", { class: "tag" }, `A ${span(sides[0])} ↔ B ${span(sides[1])} · ${describe(pair)}`),
      make("div", { class: "beside" }, this.order.map((side) => this.drawCell(side, range(sides[side]), rank))));
    this.rowOf.set(`pair ${rank}`, row);
    [0, 1].forEach((side) => range(sides[side]).forEach((at) => { this.boxes[side][at] = this.boxes[side][at] || row; }));
    return row;
  }

  drawAlone({ alone }) {
    const used = this.order.filter((side) => alone[side].length);
    const row = make("section", { class: "line alone", tabindex: -1, "aria-label": "Only on one side" },
      make("p", { class: "tag" }, used.map((side) => `${many(alone[side].length, "sentence")} only in ${"AB"[side]}`).join(", ")),
      make("div", { class: "beside" }, this.order.map((side) => this.drawCell(side, alone[side], -1))));
    for (const side of used) {
      this.rowOf.set(`alone ${side} ${alone[side][0]}`, row);
      alone[side].forEach((at) => { this.boxes[side][at] = row; });
    }
    return row;
  }

  drawCell(side, places, rank) {
    return make("div", { class: `cell ${"ab"[side]}${places.length ? "" : " empty"}` },
      places.length ? make("span", { class: "letter", "aria-label": `${"AB"[side]}:`, role: "img" }, "AB"[side]) : null,
      make("div", { class: "text" }, places.map((at) => {
        const { in: wordings } = this.view.sides[side][at];
        const [, pieces] = wordings.find((wording) => wording[0] === rank) || wordings[0];
        return make("p", { dir: "auto" }, drawPieces(pieces, rank));
      })));
  }

  // Going from difference to difference.

  findStops() {
    const stops = [];
    let alone = null;
    for (const [left, right, rank] of this.view.rows) {
      if (rank !== null) {
        alone = null;
        if (!isIdentical(this.view.pairs[rank])) stops.push({ key: `pair ${rank}`, pair: rank, side: 0, at: left[0] });
        continue;
      }
      const side = left ? 0 : 1, at = (left || right)[0];
      if (!alone) stops.push((alone = { key: `alone ${side} ${at}`, pair: -1, side, at }));
    }
    return stops;
  }

  go(step) {
    if (!this.stops.length) {
      this.status.textContent = "No differences";
      return;
    }
    this.stop = (this.stop + step + this.stops.length + (this.stop < 0 && step < 0 ? 1 : 0)) % this.stops.length;
    const { key, pair, side, at } = this.stops[this.stop];
    this.status.textContent = `Difference ${this.stop + 1} of ${this.stops.length}`;
    const target = this.lines ? this.rowOf.get(key) : this.boxes[side][at];
    if (!target) return;
    if (!this.lines && pair >= 0) this.choose(side, at, pair);
    for (const old of this.root.querySelectorAll(".here")) old.classList.remove("here");
    target.classList.add("here");
    target.scrollIntoView({ block: this.lines ? "start" : "nearest" });
    target.focus({ preventScroll: true });
    if (!this.lines) this.light(pair);
  }

  key(event) {
    if (isTyping(event) || (this.root.closest("dialog") && !this.root.closest("dialog").open)) return;
    const actions = {
      n: () => this.go(1), p: () => this.go(-1), s: () => this.swap(),
      h: () => this.identical && this.setHides(!this.hides), l: () => this.setLines(!this.lines),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else if (event.target.classList?.contains("box")) this.arrow(event);
  }

  arrow(event) {
    const side = Number(event.target.dataset.side), at = Number(event.target.dataset.at);
    let next = null;
    if (event.key === "ArrowDown") next = this.boxes[side].slice(at + 1).find(Boolean);
    else if (event.key === "ArrowUp") next = this.boxes[side].slice(0, at).reverse().find(Boolean);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const rank = this.shownPair(side, at);
      if (rank >= 0) next = this.boxes[1 - side][this.view.pairs[rank].sides[1 - side][0]];
    }
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  swap() {
    this.order.reverse();
    this.drawBody();
    this.status.textContent = `${"AB"[this.order[0]]} on the left`;
  }

  setHides(hides) {
    this.hides = hides;
    this.drawBody();
    this.status.textContent = hides ? `${many(this.identical, "identical pair")} hidden` : "All shown";
  }

  setLines(lines) {
    this.lines = lines;
    this.drawBody();
  }

  // On paper both texts stand line by line.
  print(begins) {
    if (begins) {
      this.before = this.lines;
      this.setLines(true);
    } else if (this.before !== undefined) this.setLines(this.before);
  }

  // Ledger: facts and credited sources, with the sentences that give them.

  drawFacts() {
    const facts = this.view.facts;
    if (!facts.length) return null;
    const body = make("tbody", {}, facts.slice(0, FACTS_SHOWN).map((fact) => this.drawFact(fact)));
    const rest = facts.slice(FACTS_SHOWN);
    const more = rest.length > 0 && make("button", { type: "button", click: (event) => {
      body.append(...rest.map((fact) => this.drawFact(fact)));
      event.target.remove();
    } }, `Show ${many(rest.length, "more fact")}`);
    return make("section", { class: "ledger", "aria-label": "Facts" }, make("h3", {}, "Facts"),
      make("p", { class: "hint" }, "Numbers with what they count, dates, names and quotations. The buttons lead to the sentences."),
      make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": "Facts of both texts" },
        make("table", {}, make("thead", {}, make("tr", {},
          ["Fact", "Kind", "In A", "In B", "Compared"].map((name) => make("th", { scope: "col" }, name)))), body)), more);
  }

  drawFact([kind, value, left, right, state]) {
    const how = { both: "✓ in both", A: "only in A", B: "only in B" }[state] || state.replace(" ", ": ");
    return make("tr", { class: state.split(" ")[0].toLowerCase() },
      make("th", { scope: "row", dir: "auto" }, value), make("td", {}, kind),
      [left, right].map((places, side) => this.drawPlaces(places, side)), make("td", { class: "state" }, make("bdi", {}, how)));
  }

  drawPlaces(places, side) {
    if (!places.length) return make("td", { class: "absent" }, "–", hidden("absent"));
    const shown = places.slice(0, 5).map((at) =>
      make("button", { type: "button", class: "place", click: () => this.visit(side, at) }, hidden(`sentence of ${"AB"[side]} `), `${at + 1}`));
    return make("td", {}, "✓ ", shown, places.length > 5 ? ` and ${places.length - 5} more` : null);
  }

  drawSources() {
    const names = new Map();
    this.view.sources.forEach((found, side) => {
      for (const [name, at] of found) {
        if (!names.has(name)) names.set(name, [[], []]);
        if (!names.get(name)[side].includes(at)) names.get(name)[side].push(at);
      }
    });
    if (!names.size) return null;
    return make("section", { class: "ledger", "aria-label": "Sources" }, make("h3", {}, "Sources they credit"),
      make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": "Sources of both texts" },
        make("table", {}, make("thead", {}, make("tr", {},
          ["Source", "A credits it in", "B credits it in"].map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, [...names].map(([name, places]) => make("tr", {}, make("th", { scope: "row", dir: "auto" }, name),
          places.map((found, side) => this.drawPlaces(found, side))))))));
  }

  visit(side, at) {
    if (this.hides && !this.boxes[side][at]) this.setHides(false);
    const box = this.boxes[side][at];
    if (!box) return;
    this.body.scrollIntoView({ block: "start" });
    box.scrollIntoView({ block: this.lines ? "start" : "nearest" });
    box.focus({ preventScroll: true });
  }
}

function isIdentical(pair) {
  return pair.kind === "verbatim" && !pair.moved;
}

function sentenceClass(pair) {
  return pair ? `paired ${pair.kind}${pair.moved ? " moved" : ""}` : "alone";
}

function describe(pair) {
  const parts = [pair.kind === "verbatim" ? pair.meaning : `${pair.kind} ${pair.score}`];
  if (pair.kind === "verbatim" && !pair.exact) parts.push("but for case, accents or signs");
  if (pair.moved) parts.push("moved ↕");
  if (pair.conflicting.length) parts.push(`conflicting: ${pair.conflicting.join(", ")}`);
  return parts.join(" · ");
}

function drawPieces(pieces, rank) {
  return pieces.flatMap((piece) => {
    if (typeof piece === "string") return piece;
    const [text, kind, link, fact, source] = piece;
    const names = ["w", kind && WORDS[kind], fact >= 0 && "fact", source && "source"].filter(Boolean).join(" ");
    const word = make("span", { class: names, "data-link": link >= 0 ? `${rank}:${link}` : null }, text);
    return source === 2 ? [word, make("sup", { class: "credit" }, "source")] : word;
  });
}

function ribbon([top, bottom], [there, below], width) {
  const half = width / 2;
  return `M0,${top}C${half},${top} ${half},${there} ${width},${there}L${width},${below}C${half},${below} ${half},${bottom} 0,${bottom}Z`;
}

function pairOf(path) {
  return path.dataset && path.dataset.pair !== undefined ? Number(path.dataset.pair) : null;
}

function span([first, last]) {
  return last - first > 1 ? `${first + 1}–${last}` : `${first + 1}`;
}

function range([first, last]) {
  return Array.from({ length: last - first }, (_, offset) => first + offset);
}
