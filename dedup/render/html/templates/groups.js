// The groups of duplicates of a run: a list to search and sort, drawn as it is scrolled; a group's texts when it is opened.
const AT_ONCE = 100;
const MEMBERS_AT_ONCE = 20;
const SORTS = {
  size: ["most repeated first", (a, b) => b[2] - a[2]],
  characters: ["most text removed first", (a, b) => b[3] - a[3]],
  least: ["least similar first", (a, b) => a[5] - b[5]],
  name: ["by document", (a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0)],
};

class Groups {
  constructor(root) {
    this.root = root;
    this.part = root.dataset.part;
    const { rows, chunk, folder } = carried(`groups-${this.part}`);
    Object.assign(this, { rows, chunk, folder });
    this.order = rows.map((_, at) => at);
    this.draw();
  }

  draw() {
    const id = `search-${this.part}`;
    this.search = make("input", { type: "search", id, autocomplete: "off", spellcheck: "false", input: () => this.later() });
    this.sort = make("select", { id: `sort-${this.part}`, change: () => this.update() },
      Object.entries(SORTS).map(([name, [label]]) => make("option", { value: name }, label)));
    this.status = make("p", { class: "hint", role: "status" });
    this.list = make("div", { class: "group-list" });
    this.more = make("button", { type: "button", class: "show-more", click: () => this.grow() });
    this.root.replaceChildren(
      make("div", { class: "search" },
        make("label", { for: id }, "Search ids and texts"), this.search,
        make("label", { for: `sort-${this.part}` }, "Sort"), this.sort),
      this.status, this.list, this.more);
    new IntersectionObserver(([entry]) => entry.isIntersecting && this.isLast() && this.grow(), { rootMargin: "600px" }).observe(this.more);
    this.update();
  }

  // Only the last list of the page grows by itself: what stands below another could else never be reached.
  isLast() {
    return [...document.querySelectorAll(".groups")].pop() === this.root && this.shown < this.order.length;
  }

  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.update(), 150);
  }

  update() {
    const words = this.search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const [, compare] = SORTS[this.sort.value];
    this.order = this.rows.map((_, at) => at).filter((at) => !words.length || this.holds(at, words));
    this.order.sort((a, b) => compare(this.rows[a], this.rows[b]) || a - b);
    this.shown = 0;
    this.list.replaceChildren();
    this.status.textContent = words.length ? `${many(this.order.length, "group")} of ${this.rows.length.toLocaleString("en")} fit` : many(this.order.length, "group");
    this.grow();
  }

  // Search the words in the row, the texts, and the names of what went; texts are read when someone first searches.
  holds(at, words) {
    if (!this.haystack) {
      this.haystack = this.rows.map((row, place) => {
        const [kept, members] = this.texts(place);
        const said = members.map(([name, , , , pieces]) => [name, ...(pieces || []).flat()].join(" "));
        return [row[1], row[0], kept, ...said].join(" ").toLowerCase();
      });
    }
    return words.every((word) => this.haystack[at].includes(word));
  }

  texts(at) {
    return carried(`texts-${this.part}-${Math.floor(at / this.chunk)}`)[at % this.chunk];
  }

  grow() {
    const next = this.order.slice(this.shown, this.shown + AT_ONCE);
    this.list.append(...next.map((at) => this.drawRow(at)));
    this.shown += next.length;
    const left = this.order.length - this.shown;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show ${Math.min(left, AT_ONCE).toLocaleString("en")} more of ${left.toLocaleString("en")}`;
  }

  drawRow(at) {
    const [unit, kept, size, characters, least, , said] = this.rows[at];
    const item = make("details", { class: "group", "data-at": at }, make("summary", {},
      make("span", { class: "times" }, `${(size + 1).toLocaleString("en")} times`),
      make("span", { class: "where" }, make("bdi", {}, kept), make("span", { class: "hint" }, ` ${unit}, ${least}, ${many(characters, "character")} removed`)),
      make("q", { class: "said" }, make("bdi", {}, said))));
    item.addEventListener("toggle", () => item.open && item.childElementCount === 1 && item.append(this.drawGroup(at)));
    return item;
  }

  drawGroup(at) {
    const [unit, kept, size] = this.rows[at];
    const [text, members] = this.texts(at);
    const list = make("ol", { class: "members" });
    const more = make("button", { type: "button", class: "show-more" });
    let shown = 0;
    const grow = () => {
      list.append(...members.slice(shown, shown + MEMBERS_AT_ONCE).map((member) => this.drawMember(member)));
      shown = Math.min(shown + MEMBERS_AT_ONCE, members.length);
      more.hidden = shown === members.length;
      more.textContent = `Show ${Math.min(MEMBERS_AT_ONCE, members.length - shown)} more of ${(members.length - shown).toLocaleString("en")} that went`;
    };
    more.addEventListener("click", grow);
    grow();
    return make("div", { class: "opened" },
      make("p", { class: "stays" }, make("span", { class: "verdict" }, "stays"), " ", make("bdi", {}, kept)),
      make("blockquote", { dir: "auto" }, text), list, more,
      size > members.length && make("p", { class: "hint" }, `and ${many(size - members.length, "more "+unit)}, in removed.parquet`));
  }

  drawMember([name, how, rank, scope, pieces]) {
    return make("li", {},
      make("p", {}, make("span", { class: "verdict goes" }, "goes"), " ", make("bdi", {}, name), make("span", { class: "hint" }, ` ${how}${scope === "within" ? ", of the same document" : ""}`)),
      pieces && make("div", { class: "beside" },
        make("div", {}, make("p", { class: "tag" }, "went"), make("p", { class: "text went", dir: "auto" }, drawSide(pieces, 0))),
        make("div", {}, make("p", { class: "tag" }, "stays"), make("p", { class: "text", dir: "auto" }, drawSide(pieces, 1)))),
      make("p", { class: "hint" }, "why: ", make("code", {}, `dedup explain ${this.folder} '${rank}'`)));
  }

  // Show a group, wherever in the list it is.
  open(at) {
    this.search.value = "";
    this.sort.value = "size";
    this.update();
    while (!this.list.querySelector(`[data-at="${at}"]`) && this.shown < this.order.length) this.grow();
    const item = this.list.querySelector(`[data-at="${at}"]`);
    item.open = true;
    item.scrollIntoView({ block: "start" });
    item.querySelector("summary").focus({ preventScroll: true });
  }
}

// One side of two versions of a text, with what only this side has marked; the space before a word is not marked with it.
function drawSide(pieces, side) {
  return pieces.flatMap((piece) => {
    if (typeof piece === "string") return piece;
    const text = piece[side];
    return text ? [text.startsWith(" ") ? " " : "", make(side ? "ins" : "del", {}, text.trimStart())] : [];
  });
}
