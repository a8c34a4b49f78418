// Tables that stay quick with hundreds of rows: [data-grid] with an input [data-grid-find], buttons or selects
// [data-grid-filter="attribute"], sortable heads <th data-sort>. Rows are only hidden and moved, never built anew.
export function wireGrids(root = document) {
  for (const grid of root.querySelectorAll("[data-grid]")) wireGrid(grid);
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function wireGrid(grid) {
  const body = grid.querySelector("tbody");
  const scope = grid.closest("[data-grid-scope]") ?? document;
  const find = scope.querySelector("[data-grid-find]");
  const filters = [...scope.querySelectorAll("[data-grid-filter]")];
  const none = grid.querySelector(".none");
  const texts = new WeakMap();
  const textOf = (row) => { if (!texts.has(row)) texts.set(row, plain(row.textContent)); return texts.get(row); };

  function sift() {
    const words = plain(find?.value ?? "").split(/\s+/).filter(Boolean);
    const wanted = filters.filter((filter) => filter.value).map((filter) => [filter.dataset.gridFilter, filter.value]);
    let shown = 0;
    for (const row of body.rows) {
      const fits = wanted.every(([name, value]) => (row.dataset[name] ?? "").split(" ").includes(value));
      row.hidden = !fits || !words.every((word) => textOf(row).includes(word));
      shown += row.hidden ? 0 : 1;
    }
    if (none) none.hidden = shown > 0;
    const count = scope.querySelector("[data-grid-count]");
    if (count) count.textContent = String(shown);
    grid.dispatchEvent(new CustomEvent("sifted", { detail: { shown } }));
  }
  find?.addEventListener("input", sift);
  for (const filter of filters) filter.addEventListener("change", sift);
  for (const head of grid.querySelectorAll("th[data-sort]")) {
    head.querySelector("button").addEventListener("click", () => sort(grid, body, head));
  }
  if (find?.value || filters.some((filter) => filter.value)) sift();
}

const inOrder = new Intl.Collator(document.documentElement.lang.replace("_", "-"), { numeric: true, sensitivity: "base" });

function sort(grid, body, head) {
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of grid.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const at = head.cellIndex;
  const keys = new Map([...body.rows].map((row) => [row, row.cells[at]?.dataset.key ?? row.cells[at]?.textContent.trim() ?? ""]));
  const rows = [...body.rows].sort((a, b) => inOrder.compare(keys.get(a), keys.get(b)) * (down ? -1 : 1));
  body.append(...rows);
}
