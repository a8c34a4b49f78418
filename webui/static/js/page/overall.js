// Overall: electricity, gas and water side by side, in their own units and in money.
import { colour } from "../lib/chart.js";
import { ChartPanel } from "../lib/chartpanel.js";
import { asked, changeWords, costCell, doubtOf, looksOf, showSummary } from "../lib/consumption.js";
import { decimal, money, words as inWords } from "../lib/figure.js";
import { element, setText, swatch, words as pageWords } from "../lib/page.js";
import { binName, binWords } from "../lib/period.js";
import { ring } from "../lib/ring.js";

const words = pageWords.consumption;
const root = document.querySelector("[data-consumption]");

const amount = (text) => (text === null ? null : Number(text));
const sumOf = (values) => values.reduce((whole, value) => (value === null ? whole : (whole ?? 0) + value), null);

function show(answer) {
  const { fluids, period, currency, now } = answer;
  const priced = fluids.filter((each) => each.cost !== null);
  const isMoney = priced.length > 0;
  const drawn = isMoney ? priced : fluids.slice(0, 1);
  const { bins, unit } = fluids[0];
  const cost = isMoney ? sumOf(priced.map((each) => amount(each.cost))).toFixed(decimalsOf(priced)) : null;
  summary(answer, cost);
  panel.draw({
    bins, names: bins.map((bin) => binName(period, bin.start)), unit: isMoney ? currency : unit, isMoney, before: null,
    moneyOf: (value) => money(value.toFixed(decimalsOf(priced)), currency), costs: null, currency,
    series: drawn.map((each) => ({
      key: each.fluid, name: words[each.fluid], colour: () => colour(each.fluid),
      values: each.bins.map((bin) => (isMoney ? amount(bin.cost) : bin.value)), ...looksOf(each.bins, now),
    })),
    heading: (at) => binWords(period, bins[at]), title: document.title, note: (at) => doubtOf(bins[at], now),
    total: isMoney && priced.length > 1 ? { name: words.total, values: bins.map((_, at) => sumOf(priced.map((each) => amount(each.bins[at].cost)))) } : null,
  }, (series) => table(answer, series, isMoney));
  document.querySelector("[data-shares]").replaceChildren(shares(answer, priced));
  const isWhole = priced.length === fluids.filter((each) => each.total !== null).length;
  document.querySelector("[data-unlike]").hidden = isWhole;
  document.querySelector("[data-ring]").replaceChildren(ring(priced.map((each) => ({ value: amount(each.cost), colour: colour(each.fluid) }))));
}

const decimalsOf = (priced) => priced[0]?.cost.split(".")[1]?.length ?? 0;

// Above the chart stands money where there is some, else electricity.
function summary(answer, cost) {
  const { fluids, period, currency } = answer;
  showSummary(root, { ...fluids[0], period, currency, now: answer.now });
  root.querySelector("[data-cost]").hidden = cost === null;
  if (cost === null) return;
  const before = sumOf(fluids.map((each) => amount((each.previous.so_far ?? each.previous).cost)));
  setText(root.querySelector("[data-cost-total]"), money(cost, currency));
  setText(root.querySelector("[data-cost-before]"), before === null ? "" : money(before.toFixed(cost.split(".")[1]?.length ?? 0), currency));
  setText(root.querySelector("[data-change]"), changeWords(Number(cost), before));
}

function shares({ fluids, currency }, priced) {
  const whole = sumOf(priced.map((each) => amount(each.cost)));
  const rows = fluids.map((each) => {
    const before = each.previous.so_far ?? each.previous;
    return element("tr", {},
      element("th", { scope: "row" }, element("span", { class: "name" }, swatch(colour(each.fluid)), words[each.fluid])),
      element("td", { class: "number" }, each.total === null ? "–" : inWords(each.total, each.unit)),
      costCell(each.cost, each.cost === null ? 0 : each.unpriced, currency),
      element("td", { class: "number soft" }, whole && each.cost !== null ? `${decimal((amount(each.cost) / whole) * 100, 1)} %` : "–"),
      element("td", { class: "number soft" }, changeWords(each.total, before.total) || "–"));
  });
  const head = [[words.kind, null], [words.value, "number"], [words.cost, "number"], [words.share, "number"], [words.difference, "number"]];
  return element("table", { class: "shares" },
    element("thead", {}, element("tr", {}, ...head.map(([name, kind]) => element("th", { scope: "col", class: kind }, name)))),
    element("tbody", {}, ...rows),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, words.total), element("td"),
      element("td", { class: "number" }, whole === null ? "–" : money(whole.toFixed(decimalsOf(priced)), currency)), element("td"), element("td"))));
}

function table({ fluids, period, currency }, series, isMoney) {
  const listed = fluids.filter((each) => !isMoney || series.some((one) => one.key === each.fluid) || each.cost === null);
  const head = [words.when, ...listed.flatMap((each) => (each.cost === null ? [words[each.fluid]] : [words[each.fluid], words.cost]))];
  const cells = (of, each) => [element("td", { class: "number" }, (of.value ?? of.total ?? null) === null ? "–" : inWords(of.value ?? of.total, each.unit)),
    ...(each.cost === null ? [] : [costCell(of.cost, of.unpriced, currency)])];
  return element("table", {},
    element("thead", {}, element("tr", {}, ...head.map((name, at) => element("th", { scope: "col", class: at ? "number" : null }, name)))),
    element("tbody", {}, ...fluids[0].bins.map((bin, at) => element("tr", {}, element("th", { scope: "row" }, binWords(period, bin)), ...listed.flatMap((each) => cells(each.bins[at], each))))),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, words.total), ...listed.flatMap((each) => cells(each, each)))));
}

const panel = new ChartPanel(root, (chosen) => asked("/api/v1/consumption/fluids", chosen), show).begin();
