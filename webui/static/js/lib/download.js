// Saves what a chart shows: its figures as datalogger.csv, its picture as PNG or SVG.

export function save(name, content, type) {
  const isAddress = typeof content === "string" && content.startsWith("data:");
  const address = isAddress ? content : URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  if (!isAddress) setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// A cell as RFC 4180 has it; a name that a spreadsheet would take for a formula is a text.
function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// rows: of texts, numbers and null. Numbers have a point and no units: a program reads them.
export function saveCsv(rows) {
  const lines = rows.map((row) => row.map(cell).join(","));
  save("datalogger.csv", `\ufeff${lines.join("\r\n")}\r\n`, "text/csv;charset=utf-8");
}
