const dialog = document.getElementById("dialog");
let comparison = null;

// Show the alignment of two documents over the page; closing leads back to where one was.
function compare(part, story, left, right) {
  const root = dialog.querySelector(".comparison");
  comparison = new Comparison(root, carried(`diff-${part}-${story}-${left}-${right}`));
  const close = make("button", { type: "button", class: "close", click: () => dialog.close() }, "Back to the report", make("kbd", { "aria-hidden": "true" }, "Esc"));
  dialog.querySelector(".close")?.remove();
  dialog.prepend(close);
  dialog.showModal();
  close.focus();
  comparison.measure();
}

dialog.addEventListener("close", () => {
  comparison?.end();
  comparison = null;
});

for (const root of document.querySelectorAll(".stories")) new Stories(root, compare);
const lists = new Map([...document.querySelectorAll(".groups")].map((root) => [root.dataset.part, new Groups(root)]));
for (const button of document.querySelectorAll(".open-group")) {
  button.addEventListener("click", () => lists.get(button.dataset.part).open(Number(button.dataset.group)));
}
