// A list that is searched, sorted, and drawn in parts while the reader scrolls. Its controls are in the page.
// Delay between the last key press and the search, in milliseconds.
const SEARCH_DELAY = 150;

class RowList {
  // `names` are those of a row in the singular and plural; `size` is the number of rows that are drawn at a time.
  // Subclasses define `draw(index)`, `drawContent(index)`, `searchText(index)`, and where they have filters
  // `passes(index)`.
  constructor(root, rows, orders, { names, size }) {
    Object.assign(this, { root, rows, orders, names, size, part: root.dataset.part });
    // Indexes of the rows that are listed, in display order.
    this.order = [];
    this.search = root.querySelector("input[type=search]");
    this.sort = root.querySelector("select[name=sort]");
    this.status = root.querySelector(".listed");
    this.list = root.querySelector(".rows");
    this.more = root.querySelector(".show-more");
    this.sort.replaceChildren(...Object.entries(orders).map(([name, { label }]) => make("option", { value: name }, label)));
    this.search.addEventListener("input", () => this.scheduleUpdate());
    this.sort.addEventListener("change", () => this.update());
    this.more.addEventListener("click", () => this.showMore());
    new IntersectionObserver(([entry]) => entry.isIntersecting && this.growsOnScroll() && this.showMore(), { rootMargin: "600px" })
      .observe(this.more);
  }

  passes() {
    return true;
  }

  clearFilters() {
    this.search.value = "";
  }

  // Only the last list of the page grows on scrolling: the reader could never scroll past another one.
  growsOnScroll() {
    return [...document.querySelectorAll(".list")].pop() === this.root && this.shown < this.order.length;
  }

  scheduleUpdate() {
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.update(), SEARCH_DELAY);
  }

  update() {
    clearTimeout(this.searchTimer);
    this.words = normalized(this.search.value).split(/\s+/).filter(Boolean);
    const { compare } = this.orders[this.sort.value];
    this.order = this.rows.map((_, index) => index).filter((index) => this.passes(index) && this.matches(index));
    this.order.sort((a, b) => compare(this.rows[a], this.rows[b]) || a - b);
    this.shown = 0;
    this.list.replaceChildren();
    const listed = count(this.order.length, ...this.names);
    this.status.textContent = this.isFiltered() ? `${listed} of ${this.rows.length.toLocaleString("en")} found` : listed;
    this.showMore();
  }

  isFiltered() {
    return this.words.length > 0;
  }

  // Whether a row contains all words that are sought. All texts are read for the first search, not before.
  matches(index) {
    if (!this.words.length) return true;
    this.searchTexts ||= this.rows.map((_, row) => normalized(this.searchText(row)));
    return this.words.every((word) => this.searchTexts[index].includes(word));
  }

  showMore() {
    const next = this.order.slice(this.shown, this.shown + this.size);
    this.list.append(...next.map((index) => this.draw(index)));
    this.shown += next.length;
    const left = this.order.length - this.shown;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show ${Math.min(left, this.size).toLocaleString("en")} of ${count(left, ...this.names.map((name) => `more ${name}`))}`;
  }

  // Draw a row that opens. Its content is drawn when it is opened for the first time.
  drawRow(index, attributes, summary) {
    const item = make("details", { ...attributes, "data-index": index }, make("summary", {}, summary));
    item.addEventListener("toggle", () => item.open && this.fill(item));
    return item;
  }

  // Open a row. The event comes later, so the content is drawn here: its height is needed for scrolling.
  openRow(item) {
    item.open = true;
    this.fill(item);
  }

  fill(item) {
    if (item.childElementCount === 1) item.append(this.drawContent(Number(item.dataset.index)));
  }

  // Draw a row if it is not drawn, open it, and scroll to it. Return its element.
  open(index) {
    if (!this.order.includes(index)) {
      this.clearFilters();
      this.update();
    }
    const find = () => this.list.querySelector(`:scope > [data-index="${index}"]`);
    while (!find() && this.shown < this.order.length) this.showMore();
    const item = find();
    this.openRow(item);
    item.scrollIntoView({ block: "start" });
    item.querySelector("summary").focus({ preventScroll: true });
    return item;
  }
}

// Lower-case text, without the separators of long numbers.
function normalized(text) {
  return text.toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");
}

// A list of items of which the first are shown, and a button that shows more of them. Both are returned.
function drawInParts(list, items, size, noun, draw) {
  const more = make("button", { type: "button", class: "show-more" });
  let shown = 0;
  const showMore = () => {
    list.append(...items.slice(shown, shown + size).map((item, offset) => draw(item, shown + offset)));
    shown = Math.min(shown + size, items.length);
    const left = items.length - shown;
    more.hidden = !left;
    more.textContent = `Show ${Math.min(size, left)} of ${count(left, noun)}`;
    more.dataset.print = `and ${count(left, noun)} on the page`;
  };
  more.addEventListener("click", showMore);
  showMore();
  return more;
}
