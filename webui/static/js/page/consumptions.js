// Grand total: everything, stacked by load, with each load's share.
import { Bars, loadColour } from "../lib/chart.js";
import { asked, costCell, doubtOf, failed, gasUnit, isFaint, isPriced, showLegend, showSummary, switchTable } from "../lib/consumption.js";
import { decimal, money, words as inWords } from "../lib/figure.js";
import { element, press, swatch, words as pageWords, zone } from "../lib/page.js";
import { binName, binWords, periodBar, siteToday } from "../lib/period.js";

const words = pageWords.consumption;
const root = document.querySelector("[data-consumption]");
const bars = new Bars(root.querySelector("[data-canvas]"), words.chart);
const kinds = [...root.querySelectorAll("[data-fluid]")];
let fluid = "electricity";
let chosen = null;
let latest = 0;

const nameOf = (part) => part.name ?? words.others;
const colourOf = (parts, part) => loadColour(parts.indexOf(part), part.of === "others");

async function load() {
  const mine = ++latest;
  try {
    const answer = await asked("/api/v1/consumption/loads", { ...chosen, fluid, ...asUnit(fluid) });
    if (mine === latest) show(answer);
  } catch {
    failed(root);
  }
}

function show(answer) {
  const { period, unit, bins } = answer;
  const parts = answer.parts.filter((part) => part.total !== null && (part.total !== 0 || part.of !== "others"));
  when(bins);
  showSummary(root, answer);
  bars.draw({
    names: bins.map((bin) => binName(period, bin.start)), unit, before: null,
    series: parts.map((part) => ({ name: nameOf(part), colour: () => colourOf(answer.parts, part), values: part.values, faint: bins.map((bin) => isFaint(bin, answer.now)) })),
    heading: (at) => binWords(period, bins[at]), moreName: words.furtherLoads,
    total: { name: words.total, values: bins.map((bin) => bin.value) },
    cost: isPriced(answer.fluid) ? (at) => [words.cost, money(bins[at].cost, answer.currency)] : null,
    note: (at) => doubtOf(bins[at], answer.now),
  });
  showLegend(root, parts.map((part) => [nameOf(part), colourOf(answer.parts, part)]));
  root.querySelector("[data-rows]").replaceChildren(table(answer, parts));
  root.querySelector("[data-rows]").hidden = root.querySelector("[data-table]").getAttribute("aria-pressed") !== "true";
  document.querySelector("[data-shares]").replaceChildren(shares(answer, parts));
}

function table(answer, parts) {
  const show = (value) => (value === null ? "–" : inWords(value, answer.unit));
  const sum = (at) => parts.reduce((sum, part) => (part.values[at] === null ? sum : (sum ?? 0) + part.values[at]), null);
  const cell = (text) => element("td", { class: "number" }, text);
  return element("table", {},
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, words.when),
      ...parts.map((part) => element("th", { scope: "col", class: "number" }, nameOf(part))), element("th", { scope: "col", class: "number" }, words.total))),
    element("tbody", {}, ...answer.bins.map((bin, at) => element("tr", {}, element("th", { scope: "row" }, binWords(answer.period, bin)),
      ...parts.map((part) => cell(show(part.values[at]))), cell(show(sum(at)))))),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, words.total), ...parts.map((part) => cell(show(part.total))), cell(show(answer.total))),
      ...(isPriced(answer.fluid) ? [element("tr", {}, element("th", { scope: "row" }, words.cost),
        ...[...parts, answer].map((priced) => costCell(priced.cost, priced.unpriced, answer.currency)))] : [])),
  );
}

function shares(answer, parts) {
  const priced = isPriced(answer.fluid);
  const largest = [...parts].sort((a, b) => b.total - a.total);
  const rows = largest.map((part) => {
    const share = answer.total ? (part.total / answer.total) * 100 : 0;
    return element("tr", {},
      element("th", { scope: "row" }, element("span", { class: "name" }, swatch(colourOf(answer.parts, part)), nameOf(part))),
      element("td", { class: "number" }, inWords(part.total, answer.unit)),
      ...(priced ? [costCell(part.cost, part.unpriced, answer.currency)] : []),
      element("td", { class: "number soft" }, `${decimal(share, 1)} %`));
  });
  const head = [[words.load, null], [words.value, "number"], ...(priced ? [[words.cost, "number"]] : []), [words.share, "number"]];
  return element("table", { class: "shares" },
    element("thead", {}, element("tr", {}, ...head.map(([name, kind]) => element("th", { scope: "col", class: kind }, name)))),
    element("tbody", {}, ...rows));
}

for (const button of kinds) {
  button.addEventListener("click", () => {
    fluid = button.dataset.fluid;
    press(kinds, button);
    load();
  });
}
switchTable(root);
const asUnit = gasUnit(root, () => load());
const when = periodBar(root, siteToday(zone, Number(document.body.dataset.now)), (choice) => {
  chosen = choice;
  load();
});
setInterval(() => document.hidden || load(), 60_000);
