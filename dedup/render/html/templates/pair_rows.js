// Rows of a comparison: sentences of both texts that are shown beside each other. A row has the rank of its pair, or
// null, and for each side the indexes of its sentences.

// Sentences of a side in a row without a pair.
const MAX_ROW_SENTENCES = 40;

// Rows in the order of both texts: pairs that kept their order, and between them the other sentences. Sentences that
// follow a pair and correspond best to a sentence of it are in its row.
function alignedRows({ sides, pairs }) {
  const rows = [], next = [0, 0];
  const take = (stops) => stops.map((stop, side) => {
    const indexes = indexesIn([next[side], Math.max(next[side], stop)]);
    next[side] += indexes.length;
    return indexes;
  });
  const { ranks, taken } = distinctPairs(pairs);
  for (const rank of ranks) {
    const ranges = pairs[rank].sides;
    if (ranges.some(([first], side) => first < next[side])) continue;
    rows.push(...splitRow(take(ranges.map(([first]) => first))));
    const row = { pair: rank, sides: take(ranges.map(([, stop]) => stop)) };
    sides.forEach((sentences, side) => {
      const [first, stop] = ranges[1 - side];
      const belongs = (index) => {
        const best = index < sentences.length && !taken[side].has(index) ? sentences[index].wordings[0].pair : null;
        return best !== null && pairs[best].sides[1 - side][0] >= first && pairs[best].sides[1 - side][1] <= stop;
      };
      while (belongs(next[side])) row.sides[side].push(next[side]++);
    });
    rows.push(row);
  }
  rows.push(...splitRow(take(sides.map((sentences) => sentences.length))));
  return rows;
}

// Ranks of pairs that kept their order and share no sentence (of pairs that share one, the best), and their sentences.
function distinctPairs(pairs) {
  const taken = [new Set(), new Set()];
  const best = pairs.map((pair, rank) => rank).filter((rank) => !pairs[rank].moved)
    .sort((a, b) => pairs[b].score - pairs[a].score || a - b);
  const ranks = best.filter((rank) => {
    const ranges = pairs[rank].sides.map(indexesIn);
    if (ranges.some((indexes, side) => indexes.some((index) => taken[side].has(index)))) return false;
    ranges.forEach((indexes, side) => indexes.forEach((index) => taken[side].add(index)));
    return true;
  }).sort((a, b) => a - b);
  return { ranks, taken };
}

function splitRow(sides) {
  const steps = Math.ceil(Math.max(...sides.map((indexes) => indexes.length)) / MAX_ROW_SENTENCES);
  return Array.from({ length: steps }, (_, step) => ({
    pair: null,
    sides: sides.map((indexes) => indexes.slice(step * MAX_ROW_SENTENCES, (step + 1) * MAX_ROW_SENTENCES)),
  }));
}

// Rows in the order of A: every pair is a row, so that a sentence of several pairs is repeated, and moved ones are together.
function pairRows({ rows }) {
  const grouped = [];
  for (const { pair, sides } of rows) {
    const indexes = sides.map((range) => (range ? indexesIn(range) : []));
    const last = grouped[grouped.length - 1];
    if (pair === null && last && last.pair === null) indexes.forEach((some, side) => last.sides[side].push(...some));
    else grouped.push({ pair, sides: indexes });
  }
  return grouped;
}

// Differences in the order of A: pairs that are not identical, and groups of unpaired sentences, each with its first sentence.
function findDifferences(view) {
  return pairRows(view).filter(({ pair }) => pair === null || !isIdentical(view.pairs[pair])).map(({ pair, sides }) => {
    const side = sides[0].length ? 0 : 1;
    return { pair, side, index: sides[side][0] };
  });
}

function indexesIn([first, stop]) {
  return Array.from({ length: stop - first }, (_, offset) => first + offset);
}
