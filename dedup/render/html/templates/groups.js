// The list of duplicate groups of a run.
const GROUPS_SHOWN = 100;
const MEMBERS_SHOWN = 20;
const GROUP_ORDERS = {
  size: { label: "most removed units first", compare: (a, b) => b.size - a.size },
  characters: { label: "most removed text first", compare: (a, b) => b.characters - a.characters },
  similarity: { label: "least similar first", compare: (a, b) => a.least - b.least },
  name: { label: "by document", compare: (a, b) => (a.kept < b.kept ? -1 : a.kept > b.kept ? 1 : 0) },
};

class GroupList extends RowList {
  constructor(root) {
    const { rows, groupsPerValue, folder } = embedded(`groups-${root.dataset.part}`);
    super(root, rows, GROUP_ORDERS, { names: ["group", "groups"], size: GROUPS_SHOWN });
    Object.assign(this, { groupsPerValue, folder });
    this.update();
  }

  // The row, the texts and the names of the members of a group.
  searchText(index) {
    const { unit, kept } = this.rows[index];
    const { text, members } = this.texts(index);
    const memberTexts = members.map(({ name, pieces }) => [name, ...(pieces || []).flatMap(pieceTexts)].join(" "));
    return [kept, unit, text, ...memberTexts].join(" ");
  }

  texts(index) {
    return embedded(`texts-${this.part}-${Math.floor(index / this.groupsPerValue)}`)[index % this.groupsPerValue];
  }

  // Open a group by its number. Return its element; null if the page does not have it.
  openNumber(number) {
    return this.rows[number - 1] ? this.open(number - 1) : null;
  }

  draw(index) {
    const { unit, kept, size, characters, similarity, excerpt, lang } = this.rows[index];
    return this.drawRow(index, { class: "group" }, [
      make("span", { class: "occurrences" }, `${(size + 1).toLocaleString("en")} times`),
      make("span", { class: "kept-name" }, make("bdi", {}, kept),
        make("span", { class: "hint" }, ` ${unit}, ${similarity}, ${count(characters, "character")} removed`)),
      make("q", { class: "excerpt", dir: "auto", lang }, excerpt)]);
  }

  drawContent(index) {
    const { unit, kept, size, lang } = this.rows[index];
    const { text, members } = this.texts(index);
    const list = make("ol", { class: "members" });
    const more = drawInParts(list, members, MEMBERS_SHOWN, `more removed ${unit}`, (member) => this.drawMember(member, lang));
    return make("div", { class: "content" },
      make("p", {}, make("span", { class: "verdict kept" }, "kept"), " ", make("bdi", {}, kept)),
      make("blockquote", { dir: "auto", lang }, text), list, more,
      size > members.length && make("p", { class: "hint" }, `and ${count(size - members.length, `more ${unit}`)}, listed in removed.parquet`),
      make("p", {}, drawCopyButton("Copy link", () => addressOf(`group-${this.part}-${index + 1}`), " to this group")));
  }

  drawMember({ name, similarity, argument, scope, pieces }, lang) {
    const drawText = (version) => make("div", {}, make("p", { class: "tag" }, version),
      make("p", { class: "text", dir: "auto", lang }, drawVersion(pieces, version)));
    return make("li", {},
      make("p", {}, make("span", { class: "verdict removed" }, "removed"), " ", make("bdi", {}, name),
        make("span", { class: "hint" }, ` ${similarity}${scope === "within" ? ", in the same document" : ""}`)),
      pieces && make("div", { class: "columns" }, drawText("removed"), drawText("kept")),
      make("p", { class: "hint" }, "Explain: ", make("code", {}, `dedup explain ${this.folder} ${argument}`)));
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
