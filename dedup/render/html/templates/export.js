// What a reader takes out of the page: files and copied text.
// What a spreadsheet would run as a formula, also after white space; as in outputs/csv.py.
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

// Save content as a file.
function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// Format rows as CSV in UTF-8 with a byte order mark. Text that looks like a formula begins with an apostrophe.
function formatCsv(rows) {
  const formatCell = (value) => {
    if (value === null || value === undefined) return "";
    const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${rows.map((row) => `${row.map(formatCell).join(",")}\r\n`).join("")}`;
}

// Draw a button that copies text, and says so. Where the browser forbids it, the text is shown, selected.
function drawCopyButton(label, text, description) {
  const status = make("span", { role: "status", class: "hint" });
  const button = make("button", { type: "button", class: "copy" }, label, description && hidden(description));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      status.replaceChildren(" copied");
    } catch {
      const field = make("textarea", { readonly: true, rows: 3, "aria-label": "Text to copy" });
      field.value = text();
      status.replaceChildren(field);
      field.select();
    }
  });
  return make("span", { class: "copying" }, button, status);
}

// Address of a place in this page.
function addressOf(hash) {
  return `${location.href.split("#")[0]}#${hash}`;
}
