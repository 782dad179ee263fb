// The timeline of a story: a row for each document with a date, in the order of the dates.

// Draw a timeline; null if no document has a date. A date that states a day or a longer time is a bar of that length.
function drawTimeline(story) {
  const dated = story.documents.map((item, index) => ({ item, index, start: Date.parse(item.start) })).filter(({ start }) => !Number.isNaN(start));
  if (!dated.length) return null;
  dated.sort((a, b) => a.start - b.start || a.index - b.index);
  const ends = dated.map(({ item, start }) => start + 1000 * item.seconds);
  const earliest = dated[0].start, duration = Math.max(1, Math.max(...ends) - earliest);
  const position = (time) => `${(100 * (time - earliest)) / duration}%`;
  const rows = dated.map(({ item, index, start }, row) => make("li", {},
    drawLetter(item), drawTrack(item, position(start), `${(100 * 1000 * item.seconds) / duration}%`),
    make("span", { class: "moment" }, make("bdi", {}, item.date), row > 0 && drawDelay(item, start, dated[0]),
      item.first && make("span", { class: "first" }, " first"))));
  const undated = story.documents.length - dated.length;
  return [make("h4", {}, "Timeline"), make("ol", { class: "timeline" }, rows),
    undated > 0 && make("p", { class: "hint" }, `${count(undated, "document")} without a date`)];
}

// Percentages keep the dots in view at every width, and the text at its size.
function drawTrack({ first, seconds }, start, length) {
  return makeSvg("svg", { class: "track", "aria-hidden": "true" },
    makeSvg("line", { class: "axis", x1: "0%", x2: "100%", y1: "50%", y2: "50%" }),
    seconds > 0 && makeSvg("rect", { class: "period", x: start, y: "30%", width: length, height: "40%" }),
    makeSvg("circle", { class: first ? "dot first" : "dot", cx: start, cy: "50%", r: first ? 6 : 5 }));
}

// How long after the first document; only of dates that are equally precise.
function drawDelay({ seconds }, start, { item, start: earliest }) {
  if (seconds !== item.seconds || start === earliest) return null;
  return make("span", { class: "hint" }, ` + ${describeDuration((start - earliest) / 1000)}`);
}

// Format a number of seconds in its two largest units.
function describeDuration(seconds) {
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  let left = seconds;
  return units.slice(first, first + 2).map(([name, size]) => {
    const number = Math.floor(left / size);
    left -= number * size;
    return number && `${number} ${name}`;
  }).filter(Boolean).join(" ");
}
