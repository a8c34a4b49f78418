// A chart of parts: stacked by load, or bars of one kind; its table, and the list of parts with their shares.
import { colour, colourOfThing } from "./chart.js";
import { costCell, doubtOf, exportSeries, isPriced, looksOf } from "./consumption.js";
import { decimal, money, words as inWords } from "./figure.js";
import { element, swatch, words as pageWords } from "./page.js";
import { binName, binWords } from "./period.js";

const words = pageWords.consumption;

export const nameOf = (part) => part.name ?? (part.of === "others" ? words.others : part.of);
export const partsShown = ({ parts }) => parts.filter((part) => part.total !== null && (part.total !== 0 || part.of !== "others"));

// What ChartPanel.draw takes of an answer with parts.
export function drawnOf(answer, parts, title) {
  const { period, unit, bins, currency, fluid } = answer;
  const looks = looksOf(bins, answer.now);
  const series = parts.length
    ? parts.map((part) => ({ key: part.of, name: nameOf(part), colour: () => colourOfThing(part.of), values: part.values, ...looks }))
    : [{ key: fluid, name: words[fluid], colour: () => colour(fluid), values: bins.map((bin) => bin.value), ...looks }];
  series.push(...exportSeries(answer, looks, () => colour("export")));
  const costs = isPriced(fluid) ? bins.map((bin) => bin.cost) : null;
  return {
    bins, names: bins.map((bin) => binName(period, bin.start)), unit, before: null, series, title, currency, costs,
    heading: (at) => binWords(period, bins[at]), moreName: words.furtherLoads,
    total: parts.length ? { name: words.total, values: bins.map((bin) => bin.value) } : null,
    cost: costs ? (at) => [words.cost, money(costs[at], currency)] : null,
    note: (at) => doubtOf(bins[at], answer.now),
  };
}

export function stackTable(answer, series) {
  const { unit, bins, period, currency } = answer;
  const show = (value) => element("td", { class: "number" }, value === null ? "–" : inWords(value, unit));
  const sum = (values) => values.reduce((whole, value) => (value === null ? whole : (whole ?? 0) + value), null);
  const priced = isPriced(answer.fluid);
  const head = [words.when, ...series.map((one) => one.name), words.total, ...(priced ? [words.cost] : [])];
  return element("table", {},
    element("thead", {}, element("tr", {}, ...head.map((name, at) => element("th", { scope: "col", class: at ? "number" : null }, name)))),
    element("tbody", {}, ...bins.map((bin, at) => element("tr", {}, element("th", { scope: "row" }, binWords(period, bin)),
      ...series.map((one) => show(one.values[at])), show(bin.value), ...(priced ? [costCell(bin.cost, 0, currency)] : [])))),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, words.total),
      ...series.map((one) => show(sum(one.values))), show(answer.total), ...(priced ? [costCell(answer.cost, answer.unpriced, currency)] : []))),
  );
}

// The parts from the largest on, each with its share; `leads(part)` -> the address that it leads to, or null.
export function shareTable(answer, parts, title, leads = () => null) {
  const priced = isPriced(answer.fluid);
  const rows = [...parts].sort((a, b) => (b.total ?? 0) - (a.total ?? 0)).map((part) => {
    const share = answer.total ? `${decimal(((part.total ?? 0) / answer.total) * 100, 1)} %` : "–";
    const address = leads(part);
    const name = address ? element("a", { href: address }, nameOf(part)) : nameOf(part);
    return element("tr", {},
      element("th", { scope: "row" }, element("span", { class: "name" }, swatch(colourOfThing(part.of)), name)),
      element("td", { class: "number" }, part.total === null ? "–" : inWords(part.total, answer.unit)),
      ...(priced ? [costCell(part.cost, part.unpriced, answer.currency)] : []),
      element("td", { class: "number soft" }, share));
  });
  const head = [[title, null], [words.value, "number"], ...(priced ? [[words.cost, "number"]] : []), [words.share, "number"]];
  return element("table", { class: "shares" },
    element("thead", {}, element("tr", {}, ...head.map(([name, kind]) => element("th", { scope: "col", class: kind }, name)))),
    element("tbody", {}, ...rows));
}
