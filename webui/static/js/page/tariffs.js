// Tariffs: consumption by hour, day, month or year stacked by tariff, and the share of each. Tariffs can be picked.
import { colour, colourOfThing } from "../lib/chart.js";
import { ChartPanel, say } from "../lib/chartpanel.js";
import { asked, costCell, doubtOf, gasUnit, looksOf, showSummary } from "../lib/consumption.js";
import { decimal, money, words as inWords } from "../lib/figure.js";
import { element, press, swatch, words as pageWords } from "../lib/page.js";
import { binName, binWords } from "../lib/period.js";
import { ring } from "../lib/ring.js";

const NONE = ""; // key of what has no tariff
const words = pageWords.consumption;
const tariffs = pageWords.tariffs;
const root = document.querySelector("[data-consumption]");
const kinds = [...root.querySelectorAll("button[data-fluid]")];
const pick = document.getElementById("of");
const bases = [...root.querySelectorAll("button[data-basis]")];
let basis = "recomputed";
let fluid = root.dataset.fluid;

const nameOf = (id) => (id === NONE ? words.noTariff : tariffs[id]?.name ?? `${words.tariff} ${id}`);
const colourOf = (id) => (id === NONE ? colour("before") : tariffs[id]?.colour || colourOfThing(`tariff:${id}`));

// Energy of a bin or of the whole under a tariff; the rest has none. Energies are thousandths, so nothing is lost.
function valueOf(of, whole, id) {
  if (id !== NONE) return of.by_tariff[id]?.value ?? (whole === null ? null : 0);
  if (whole === null) return null;
  const rest = Object.values(of.by_tariff).reduce((rest, part) => rest - part.value, whole);
  return Math.abs(rest) < 0.0005 ? 0 : rest;
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
  const { period, unit, bins } = answer;
  const parts = partsOf(answer);
  const looks = looksOf(bins, answer.now);
  showSummary(root, answer);
  panel.draw({
    bins, names: bins.map((bin) => binName(period, bin.start)), unit, before: null, currency: answer.currency, title: pick.selectedOptions[0].textContent,
    series: parts.map((part) => ({
      key: part.id, name: part.name, colour: () => colourOf(part.id), values: part.values, ...looks,
      costs: (at) => (part.costs[at] === null ? "–" : money(part.costs[at], answer.currency)),
    })),
    heading: (at) => binWords(period, bins[at]), moreName: words.furtherTariffs,
    total: { name: words.total, values: bins.map((bin) => bin.value) },
    note: (at) => doubtOf(bins[at], answer.now), costs: bins.map((bin) => bin.cost),
    cost: (at) => [words.cost, money(bins[at].cost, answer.currency)],
  }, (series) => table(answer, parts.filter((part) => series.some((one) => one.key === part.id))), (keys) => showShares(answer, parts.filter((part) => keys.includes(part.id))));
}

// The pie shows the tariffs that are picked.
function showShares(answer, parts) {
  document.querySelector("[data-ring]").replaceChildren(ring(parts.map((part) => ({ value: part.value, colour: colourOf(part.id) }))));
  document.querySelector("[data-shares]").replaceChildren(shares(answer, parts));
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
    panel.load();
  });
}
for (const button of kinds) {
  button.addEventListener("click", () => {
    fluid = button.dataset.fluid;
    press(kinds, button);
    offerThings();
    panel.load();
  });
}

// Only what has a consumption of the kind that is shown can be picked.
function offerThings() {
  for (const option of pick.options) option.hidden = option.disabled = option.dataset.fluid !== fluid;
  for (const group of pick.querySelectorAll("optgroup")) group.hidden = [...group.children].every((option) => option.hidden);
  if (pick.selectedOptions[0]?.disabled) pick.selectedIndex = [...pick.options].findIndex((option) => !option.disabled);
}
const wanted = new URL(location.href).searchParams.get("of");
const found = [...pick.options].findIndex((option) => option.value === wanted);
if (wanted && found < 0) say(root, pageWords.missing.replace("%s", wanted.slice(0, 40)));
if (found >= 0) {
  pick.selectedIndex = found;
  const kind = kinds.find((button) => button.dataset.fluid === pick.options[found].dataset.fluid);
  if (kind) fluid = kind.dataset.fluid;
  press(kinds, kind ?? kinds[0]);
}
offerThings();
pick.addEventListener("change", () => {
  const here = new URL(location.href);
  here.searchParams.set("of", pick.value);
  history.replaceState(null, "", here);
  panel.load();
});
const asUnit = gasUnit(root, () => panel.load());
const panel = new ChartPanel(root, (chosen) => asked("/api/v1/consumption", { of: pick.value, fluid, basis, ...asUnit(fluid), ...chosen }), show).begin();
