const dialog = document.getElementById("dialog");
let comparison = null;

// Open an embedded comparison in a dialog. Closing it returns to the same place in the report.
function openComparison(id, hash) {
  comparison?.destroy();
  comparison = new Comparison(dialog.querySelector(".comparison"), embedded(id));
  const close = make("button", { type: "button", class: "close", click: () => dialog.close() },
    "Back to the report", make("kbd", { "aria-hidden": "true" }, "Esc"));
  dialog.querySelector(".close")?.remove();
  dialog.prepend(close);
  if (!dialog.open) dialog.showModal();
  close.focus();
  comparison.ribbons.schedule();
  setHash(hash);
}

dialog.addEventListener("close", () => {
  comparison?.destroy();
  comparison = null;
  const [kind, part, story] = location.hash.slice(1).split("-");
  if (kind === "pair") setHash(`story-${part}-${story}`);
});

// Name a place in the address of the page, without a new entry in its history.
function setHash(hash) {
  history.replaceState(null, "", `#${hash}`);
}

function byPart(selector, create) {
  return new Map([...document.querySelectorAll(selector)].map((root) => [root.dataset.part, create(root)]));
}

const storyLists = byPart(".stories", (root) => new StoryList(root, openComparison));
const groupLists = byPart(".groups", (root) => new GroupList(root));
byPart(".outlets", (root) => new Outlets(root, (first, second) => storyLists.get(root.dataset.part).filterOutlets(first, second)));
for (const button of document.querySelectorAll(".open-group")) {
  button.addEventListener("click", () => groupLists.get(button.dataset.part).open(Number(button.dataset.group)));
}

// Show the place that the address names: #story-1-12, #pair-1-12-A-B or #group-1-5.
function showPlace() {
  const [kind, part, number, left, right] = location.hash.slice(1).split("-");
  const places = {
    story: () => storyLists.get(part)?.openNumber(Number(number)),
    pair: () => storyLists.get(part)?.openPair(Number(number), left, right),
    group: () => groupLists.get(part)?.openNumber(Number(number)),
  };
  if (dialog.open && kind !== "pair") dialog.close();
  const missing = document.getElementById("missing");
  missing.hidden = !Object.hasOwn(places, kind) || Boolean(places[kind]());
  missing.textContent = missing.hidden ? "" : `This page does not have the ${kind} of the link ${location.hash}. It may show fewer results than the page that the link was copied from.`;
  if (!missing.hidden) missing.scrollIntoView();
}

addEventListener("hashchange", showPlace);
showPlace();
