// Curves between moved sentences, drawn between both columns: those with both ends in view, and the highlighted one.
class Ribbons {
  // `show(rank)` is called when a reader chooses a curve, `highlight(rank)` when the pointer is on one, and with null after.
  constructor({ show, highlight }) {
    this.svg = makeSvg("svg", { class: "ribbons", "aria-hidden": "true" });
    this.layer = make("div", { class: "ribbon-layer" }, this.svg);
    this.svg.addEventListener("click", (event) => rankOfRibbon(event.target) !== null && show(rankOfRibbon(event.target)));
    this.svg.addEventListener("pointerover", (event) => highlight(rankOfRibbon(event.target)));
    this.svg.addEventListener("pointerout", () => highlight(null));
    this.observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) this.visible[isIntersecting ? "add" : "delete"](target);
      this.schedule();
    });
    this.clear();
  }

  clear() {
    this.observer.disconnect();
    this.visible = new Set();
    // For each box of a moved pair, its rank; for each rank, the boxes by position on the screen.
    this.ranks = new Map();
    this.ends = new Map();
    this.svg.replaceChildren();
  }

  // Draw a curve from a box of a moved pair. `position` is 0 for the left column, 1 for the right one.
  add(box, rank, position) {
    if (!this.ends.has(rank)) this.ends.set(rank, [[], []]);
    this.ends.get(rank)[position].push(box);
    this.ranks.set(box, rank);
    this.observer.observe(box);
  }

  schedule() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw(highlighted = this.highlighted) {
    this.highlighted = highlighted;
    const area = this.svg.getBoundingClientRect();
    const ranks = new Set([...this.visible].map((box) => this.ranks.get(box)));
    this.svg.replaceChildren(...[...ranks].sort((a, b) => (a === highlighted) - (b === highlighted)).map((rank) => {
      const boxes = this.ends.get(rank);
      const isInView = (some) => some.some((box) => this.visible.has(box));
      if (!boxes.every(rank === highlighted ? (some) => some.length : isInView)) return "";
      const extents = boxes.map((some, position) => this.extent(some, boxes[1 - position], area));
      return makeSvg("path", { class: `ribbon${rank === highlighted ? " highlighted" : ""}`, "data-pair": rank,
        d: ribbonPath(extents[0], extents[1], area.width) });
    }));
  }

  // Top and bottom of the boxes of one side. Boxes out of view end above or below the picture, without being measured.
  extent(boxes, partners, area) {
    const seen = boxes.filter((box) => this.visible.has(box)).map((box) => box.getBoundingClientRect());
    if (seen.length) return [seen[0].top - area.top, seen[seen.length - 1].bottom - area.top];
    const isBelow = partners.find((box) => this.visible.has(box)).compareDocumentPosition(boxes[0]) & Node.DOCUMENT_POSITION_FOLLOWING;
    return isBelow ? [area.height, area.height + 20] : [-20, 0];
  }
}

// Outline of a curve from one extent on the left to another on the right.
function ribbonPath([leftTop, leftBottom], [rightTop, rightBottom], width) {
  const middle = width / 2;
  return `M0,${leftTop}C${middle},${leftTop} ${middle},${rightTop} ${width},${rightTop}`
    + `L${width},${rightBottom}C${middle},${rightBottom} ${middle},${leftBottom} 0,${leftBottom}Z`;
}

function rankOfRibbon(path) {
  return path.dataset?.pair === undefined ? null : Number(path.dataset.pair);
}
