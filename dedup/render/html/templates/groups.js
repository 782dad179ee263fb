// The list of duplicate groups of a run: searchable and sortable, extended while the reader scrolls.
const GROUPS_SHOWN = 100;
const MEMBERS_SHOWN = 20;
// Delay between the last key press and the search, in milliseconds.
const SEARCH_DELAY = 150;
const SORT_ORDERS = {
  size: { label: "most removed units first", compare: (a, b) => b.size - a.size },
  characters: { label: "most removed text first", compare: (a, b) => b.characters - a.characters },
  similarity: { label: "least similar first", compare: (a, b) => a.jaccard - b.jaccard },
  name: { label: "by document", compare: (a, b) => (a.kept < b.kept ? -1 : a.kept > b.kept ? 1 : 0) },
};

class GroupList {
  constructor(root) {
    this.root = root;
    this.part = root.dataset.part;
    const { rows, groupsPerValue, folder } = embedded(`groups-${this.part}`);
    Object.assign(this, { rows, groupsPerValue, folder });
    // Indexes of the rows that match the search, in display order.
    this.order = [];
    this.draw();
  }

  draw() {
    const searchId = `search-${this.part}`, sortId = `sort-${this.part}`;
    this.search = make("input", { type: "search", id: searchId, autocomplete: "off", spellcheck: "false", input: () => this.scheduleUpdate() });
    this.sort = make("select", { id: sortId, change: () => this.update() },
      Object.entries(SORT_ORDERS).map(([name, { label }]) => make("option", { value: name }, label)));
    this.status = make("p", { class: "hint", role: "status" });
    this.list = make("div", { class: "group-list" });
    this.more = make("button", { type: "button", class: "show-more", click: () => this.showMore() });
    this.root.replaceChildren(
      make("div", { class: "search" },
        make("label", { for: searchId }, "Search ids and texts"), this.search,
        make("label", { for: sortId }, "Sort"), this.sort),
      this.status, this.list, this.more);
    new IntersectionObserver(([entry]) => entry.isIntersecting && this.growsOnScroll() && this.showMore(), { rootMargin: "600px" })
      .observe(this.more);
    this.update();
  }

  // Only the last list of the page grows on scrolling: the reader could never scroll past another one.
  growsOnScroll() {
    return [...document.querySelectorAll(".groups")].pop() === this.root && this.shown < this.order.length;
  }

  scheduleUpdate() {
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.update(), SEARCH_DELAY);
  }

  update() {
    const words = this.search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const { compare } = SORT_ORDERS[this.sort.value];
    this.order = this.rows.map((_, index) => index).filter((index) => !words.length || this.matches(index, words));
    this.order.sort((a, b) => compare(this.rows[a], this.rows[b]) || a - b);
    this.shown = 0;
    this.list.replaceChildren();
    const groups = count(this.order.length, "group");
    this.status.textContent = words.length ? `${groups} of ${this.rows.length.toLocaleString("en")} found` : groups;
    this.showMore();
  }

  // Whether a group contains all words, in its row, its texts or the names of its members.
  matches(index, words) {
    // All texts are read for the first search, not before.
    this.searchTexts ||= this.rows.map(({ unit, kept }, row) => {
      const { text, members } = this.texts(row);
      const memberTexts = members.map(({ name, pieces }) => [name, ...(pieces || []).flatMap(pieceTexts)].join(" "));
      return [kept, unit, text, ...memberTexts].join(" ").toLowerCase();
    });
    return words.every((word) => this.searchTexts[index].includes(word));
  }

  texts(index) {
    return embedded(`texts-${this.part}-${Math.floor(index / this.groupsPerValue)}`)[index % this.groupsPerValue];
  }

  showMore() {
    const next = this.order.slice(this.shown, this.shown + GROUPS_SHOWN);
    this.list.append(...next.map((index) => this.drawRow(index)));
    this.shown += next.length;
    const left = this.order.length - this.shown;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show ${Math.min(left, GROUPS_SHOWN).toLocaleString("en")} of ${count(left, "more group")}`;
  }

  drawRow(index) {
    const { unit, kept, size, characters, similarity, excerpt } = this.rows[index];
    const item = make("details", { class: "group", "data-index": index }, make("summary", {},
      make("span", { class: "occurrences" }, `${(size + 1).toLocaleString("en")} times`),
      make("span", { class: "kept-name" }, make("bdi", {}, kept),
        make("span", { class: "hint" }, ` ${unit}, ${similarity}, ${count(characters, "character")} removed`)),
      make("q", { class: "excerpt" }, make("bdi", {}, excerpt))));
    item.addEventListener("toggle", () => item.open && item.childElementCount === 1 && item.append(this.drawGroup(index)));
    return item;
  }

  drawGroup(index) {
    const { unit, kept, size } = this.rows[index];
    const { text, members } = this.texts(index);
    const list = make("ol", { class: "members" });
    const more = make("button", { type: "button", class: "show-more" });
    let shown = 0;
    const showMore = () => {
      list.append(...members.slice(shown, shown + MEMBERS_SHOWN).map((member) => this.drawMember(member)));
      shown = Math.min(shown + MEMBERS_SHOWN, members.length);
      const left = members.length - shown;
      more.hidden = !left;
      more.textContent = `Show ${Math.min(MEMBERS_SHOWN, left)} of ${count(left, `more removed ${unit}`)}`;
    };
    more.addEventListener("click", showMore);
    showMore();
    return make("div", { class: "content" },
      make("p", {}, make("span", { class: "verdict kept" }, "kept"), " ", make("bdi", {}, kept)),
      make("blockquote", { dir: "auto" }, text), list, more,
      size > members.length && make("p", { class: "hint" }, `and ${count(size - members.length, `more ${unit}`)}, listed in removed.parquet`));
  }

  drawMember({ name, similarity, argument, scope, pieces }) {
    return make("li", {},
      make("p", {}, make("span", { class: "verdict removed" }, "removed"), " ", make("bdi", {}, name),
        make("span", { class: "hint" }, ` ${similarity}${scope === "within" ? ", in the same document" : ""}`)),
      pieces && make("div", { class: "columns" },
        make("div", {}, make("p", { class: "tag" }, "removed"), make("p", { class: "text", dir: "auto" }, drawVersion(pieces, "removed"))),
        make("div", {}, make("p", { class: "tag" }, "kept"), make("p", { class: "text", dir: "auto" }, drawVersion(pieces, "kept")))),
      make("p", { class: "hint" }, "Explain: ", make("code", {}, `dedup explain ${this.folder} '${argument}'`)));
  }

  // Open a group, and scroll to it.
  open(index) {
    this.search.value = "";
    this.sort.value = "size";
    this.update();
    const find = () => this.list.querySelector(`[data-index="${index}"]`);
    while (!find() && this.shown < this.order.length) this.showMore();
    const item = find();
    item.open = true;
    item.scrollIntoView({ block: "start" });
    item.querySelector("summary").focus({ preventScroll: true });
  }
}

function pieceTexts(piece) {
  return typeof piece === "string" ? piece : [piece.removed, piece.kept];
}

// Draw the removed or the kept version of a text, with the words marked that the other version lacks.
function drawVersion(pieces, version) {
  return pieces.flatMap((piece) => {
    if (typeof piece === "string") return piece;
    const text = piece[version];
    // The space before a word is not marked.
    return text ? [text.startsWith(" ") ? " " : "", make(version === "removed" ? "del" : "ins", {}, text.trimStart())] : [];
  });
}
