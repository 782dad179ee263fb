const dialog = document.getElementById("dialog");
let comparison = null;

// Open the alignment of two documents in a dialog. Closing it returns to the same place in the report.
function openComparison(part, story, { left, right }) {
  comparison = new Comparison(dialog.querySelector(".comparison"), embedded(`diff-${part}-${story}-${left}-${right}`));
  const close = make("button", { type: "button", class: "close", click: () => dialog.close() },
    "Back to the report", make("kbd", { "aria-hidden": "true" }, "Esc"));
  dialog.querySelector(".close")?.remove();
  dialog.prepend(close);
  dialog.showModal();
  close.focus();
  comparison.measure();
}

dialog.addEventListener("close", () => {
  comparison?.destroy();
  comparison = null;
});

for (const root of document.querySelectorAll(".outlets")) drawOutlets(root);
for (const root of document.querySelectorAll(".stories")) new Stories(root, openComparison);
const groupLists = new Map([...document.querySelectorAll(".groups")].map((root) => [root.dataset.part, new GroupList(root)]));
for (const button of document.querySelectorAll(".open-group")) {
  button.addEventListener("click", () => groupLists.get(button.dataset.part).open(Number(button.dataset.group)));
}
