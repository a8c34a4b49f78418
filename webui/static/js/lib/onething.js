// The consumption of one thing: total, against the period before, chart and table.
import { colour } from "./chart.js";
import { ChartPanel } from "./chartpanel.js";
import { asked, beside, costCell, doubtOf, exportSeries, gasUnit, isPriced, looksOf, showSummary } from "./consumption.js";
import { money, words as inWords } from "./figure.js";
import { element, words as pageWords } from "./page.js";
import { binName, binWords, shifted } from "./period.js";

const words = pageWords.consumption;

function table(answer, before) {
  const { period, unit, currency } = answer;
  const priced = isPriced(answer.fluid);
  const show = (value) => (value === null ? "–" : inWords(value, unit));
  const rows = answer.bins.map((bin, at) => element("tr", {},
    element("th", { scope: "row" }, binWords(period, bin)),
    element("td", { class: "number" }, show(bin.value)),
    ...(priced ? [costCell(bin.cost, bin.unpriced, currency)] : []),
    element("td", { class: "number soft" }, show(before[at])),
    element("td", {}, bin.value === null ? words.noValue : words.qualities[bin.quality]),
  ));
  const head = [[words.when, ""], [words.value, "number"], ...(priced ? [[words.cost, "number"]] : []), [words.before[period], "number"], [words.quality, ""]];
  return element("table", {},
    element("thead", {}, element("tr", {}, ...head.map(([name, kind]) => element("th", { scope: "col", class: kind || null }, name)))),
    element("tbody", {}, ...rows),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row" }, words.total), element("td", { class: "number" }, show(answer.total)),
      ...(priced ? [costCell(answer.cost, answer.unpriced, currency)] : []),
      element("td", { class: "number" }, show(answer.previous.total)), element("td"))),
  );
}

// root: the panel; what: {of, fluid, name}. Returns show(what) for another one.
export function showConsumption(root, what) {
  const asUnit = gasUnit(root, () => panel.load());

  async function ask({ period, date }) {
    const parameters = { of: what.of, fluid: what.fluid, ...asUnit(what.fluid), period };
    const [answer, earlier] = await Promise.all([
      asked("/api/v1/consumption", { ...parameters, date }),
      asked("/api/v1/consumption", { ...parameters, date: shifted(date, period, -1) }),
    ]);
    return { ...answer, before: beside(period, answer.bins, earlier.bins) };
  }

  function show(answer) {
    const { period, unit, bins, fluid, before } = answer;
    showSummary(root, answer);
    const compared = before.some((value) => value !== null);
    const costs = isPriced(fluid) ? bins.map((bin) => bin.cost) : null;
    const looks = looksOf(bins, answer.now);
    panel.draw({
      bins, names: bins.map((bin) => binName(period, bin.start)), unit, before: compared ? before : null, beforeName: words.before[period],
      series: [{ key: fluid, name: words[fluid], colour: () => colour(fluid), values: bins.map((bin) => bin.value), ...looks }, ...exportSeries(answer, looks, () => colour("export"))],
      heading: (at) => binWords(period, bins[at]), costs, currency: answer.currency, title: what.name ?? words[fluid],
      cost: costs ? (at) => [words.cost, money(costs[at], answer.currency)] : null,
      note: (at) => doubtOf(bins[at], answer.now),
    }, () => table(answer, before));
  }

  const panel = new ChartPanel(root, ask, show);
  panel.begin();
  return (other) => {
    what = other;
    panel.load();
  };
}
