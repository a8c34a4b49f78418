// Tariffs: consumption by hour, day, month or year stacked by tariff, and the share of each. Tariffs can be picked.
import { Bars, colour, loadColour } from "../lib/chart.js";
import { asked, costCell, doubtOf, failed, gasUnit, isFaint, showSummary, switchTable } from "../lib/consumption.js";
import { decimal, money, words as inWords } from "../lib/figure.js";
import { element, press, swatch, words as pageWords, zone } from "../lib/page.js";
import { binName, binWords, periodBar, siteToday } from "../lib/period.js";
import { ring } from "../lib/ring.js";

const NONE = ""; // key of what has no tariff
const words = pageWords.consumption;
const tariffs = pageWords.tariffs;
const root = document.querySelector("[data-consumption]");
const bars = new Bars(root.querySelector("[data-canvas]"), words.chart);
const kinds = [...root.querySelectorAll("button[data-fluid]")];
const leftOut = new Set();
const bases = [...root.querySelectorAll("button[data-basis]")];
let basis = "recomputed";
let fluid = root.dataset.fluid;
let chosen = null;
let latest = 0;
let shown = null;

const nameOf = (id) => (id === NONE ? words.noTariff : tariffs[id]?.name ?? `${words.tariff} ${id}`);
const colourOf = (id) => (id === NONE ? colour("before") : tariffs[id]?.colour || loadColour(Number(id) - 1));

// Energy of a bin or of the whole under a tariff; the rest has none. Energies are thousandths, so nothing is lost.
function valueOf(of, whole, id) {
  if (id !== NONE) return of.by_tariff[id]?.value ?? (whole === null ? null : 0);
  if (whole === null) return null;
  const rest = Object.values(of.by_tariff).reduce((rest, part) => rest - part.value, whole);
  return Math.abs(rest) < 0.0005 ? 0 : rest;
}

async function load() {
  const mine = ++latest;
  try {
    const answer = await asked("/api/v1/consumption", { of: "total", fluid, basis, ...asUnit(fluid), ...chosen });
    if (mine === latest) show(answer);
  } catch {
    failed(root);
  }
}

function partsOf(answer) {
  const ids = Object.keys(answer.by_tariff).sort((a, b) => Number(a) - Number(b));
  if (valueOf(answer, answer.total, NONE) > 0) ids.push(NONE);
  return ids.map((id) => ({
    id, name: nameOf(id), value: valueOf(answer, answer.total, id), cost: answer.by_tariff[id]?.cost ?? null,
    values: answer.bins.map((bin) => valueOf(bin, bin.value, id)),
    costs: answer.bins.map((bin) => bin.by_tariff[id]?.cost ?? null),
  }));
}

function show(answer) {
  shown = answer;
  const { period, unit, bins } = answer;
  const all = partsOf(answer);
  const parts = all.filter((part) => !leftOut.has(part.id));
  when(bins);
  showSummary(root, answer);
  bars.draw({
    names: bins.map((bin) => binName(period, bin.start)), unit, before: null,
    series: parts.map((part) => ({
      name: part.name, colour: () => colourOf(part.id), values: part.values, faint: bins.map((bin) => isFaint(bin, answer.now)),
      costs: (at) => (part.costs[at] === null ? "–" : money(part.costs[at], answer.currency)),
    })),
    heading: (at) => binWords(period, bins[at]), moreName: words.furtherTariffs,
    total: { name: words.total, values: bins.map((bin) => bin.value) },
    note: (at) => doubtOf(bins[at], answer.now),
    cost: (at) => [words.cost, money(bins[at].cost, answer.currency)],
  });
  showPicks(all);
  root.querySelector("[data-rows]").replaceChildren(table(answer, parts));
  root.querySelector("[data-rows]").hidden = root.querySelector("[data-table]").getAttribute("aria-pressed") !== "true";
  document.querySelector("[data-ring]").replaceChildren(ring(all.map((part) => ({ value: part.value, colour: colourOf(part.id) }))));
  document.querySelector("[data-shares]").replaceChildren(shares(answer, all));
}

// The legend picks which tariffs are drawn; the last one stays.
function showPicks(parts) {
  root.querySelector("[data-legend]").replaceChildren(...parts.map((part) => {
    const button = element("button", { type: "button", class: "pick", "aria-pressed": String(!leftOut.has(part.id)) }, swatch(colourOf(part.id)), part.name);
    button.addEventListener("click", () => {
      if (!leftOut.delete(part.id) && parts.filter((other) => !leftOut.has(other.id)).length > 1) leftOut.add(part.id);
      show(shown);
    });
    return element("li", {}, button);
  }));
}

function table(answer, parts) {
  const { period, unit, bins, currency } = answer;
  const energy = (value) => element("td", { class: "number" }, value === null ? "–" : inWords(value, unit));
  const cells = (values) => values.map(energy);
  const head = [words.when, ...parts.map((part) => part.name), words.total, words.cost];
  return element("table", {},
    element("thead", {}, element("tr", {}, ...head.map((name, at) => element("th", { scope: "col", class: at ? "number" : null }, name)))),
    element("tbody", {}, ...bins.map((bin, at) => element("tr", {}, element("th", { scope: "row" }, binWords(period, bin)),
      ...cells(parts.map((part) => part.values[at])), energy(bin.value), costCell(bin.cost, bin.unpriced, currency)))),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, words.total),
      ...cells(parts.map((part) => part.value)), energy(answer.total), costCell(answer.cost, answer.unpriced, currency))),
  );
}

function shares(answer, parts) {
  const rows = parts.map((part) => element("tr", {},
    element("th", { scope: "row" }, element("span", { class: "name" }, swatch(colourOf(part.id)), part.name)),
    element("td", { class: "number" }, inWords(part.value, answer.unit)),
    element("td", { class: "number" }, money(part.cost, answer.currency)),
    element("td", { class: "number soft" }, answer.total ? `${decimal((part.value / answer.total) * 100, 1)} %` : "–")));
  const head = [[words.tariff, null], [words.value, "number"], [words.cost, "number"], [words.share, "number"]];
  return element("table", { class: "shares" },
    element("thead", {}, element("tr", {}, ...head.map(([name, kind]) => element("th", { scope: "col", class: kind }, name)))),
    element("tbody", {}, ...rows),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, words.total),
      element("td", { class: "number" }, answer.total === null ? "–" : inWords(answer.total, answer.unit)),
      costCell(answer.cost, answer.unpriced, answer.currency), element("td"))));
}

for (const button of bases) {
  button.addEventListener("click", () => {
    basis = button.dataset.basis;
    press(bases, button);
    load();
  });
}
for (const button of kinds) {
  button.addEventListener("click", () => {
    fluid = button.dataset.fluid;
    press(kinds, button);
    load();
  });
}
document.addEventListener("themechange", () => shown && show(shown));
switchTable(root);
const asUnit = gasUnit(root, () => load());
const when = periodBar(root, siteToday(zone, Number(document.body.dataset.now)), (choice) => {
  chosen = choice;
  load();
});
setInterval(() => document.hidden || load(), 60_000);
