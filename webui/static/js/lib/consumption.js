// Consumption of one thing: total, against the period before, chart and table.
import { Bars, colour } from "./chart.js";
import { decimal, figure, money, words as inWords } from "./figure.js";
import { element, press, remember, remembered, setText, swatch, words as pageWords, zone } from "./page.js";
import { binName, binWords, periodBar, shifted, siteToday } from "./period.js";
import { toLogin } from "./presence.js";

const words = pageWords.consumption;

// Whether this kind of consumption has tariffs at all; else nothing is said of money.
export const isPriced = (fluid) => document.body.dataset.priced.split(" ").includes(fluid);

export async function asked(path, parameters) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`, { cache: "no-store" });
  if (response.status === 401) toLogin();
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

// Values of the period before, put beside the bins that they belong to: by hour, day, month or year, not by place.
export function beside(period, bins, before) {
  const waiting = new Map();
  for (const bin of before) {
    const name = binName(period, bin.start);
    waiting.set(name, [...(waiting.get(name) ?? []), bin.value]);
  }
  return bins.map((bin) => waiting.get(binName(period, bin.start))?.shift() ?? null);
}

// Whether the period has passed; a day that the zone skipped has no bins and is as if it had.
const isOver = ({ bins, now }) => bins.every((bin) => Date.parse(bin.end) <= Date.parse(now));

// Whether a bar is drawn paler, and why: it still grows, or what it shows is not sure. "" = neither.
export function doubtOf(bin, now) {
  if (bin.value === null) return "";
  const isRunning = Date.parse(bin.end) > Date.parse(now);
  return [isRunning ? words.running : "", bin.quality === "good" ? "" : words.qualities[bin.quality]].filter(Boolean).join(" · ");
}
export const isFaint = (bin, now) => doubtOf(bin, now) !== "";

// A period that still runs is not compared with a whole one.
export function showSummary(root, answer) {
  const { total, unit, period } = answer;
  const before = answer.previous.total;
  const shown = total === null ? { text: "–", unit: "" } : figure(total, unit);
  setText(root.querySelector("[data-total]"), shown.text);
  setText(root.querySelector("[data-total-unit]"), shown.unit);
  setText(root.querySelector("[data-before-label]"), words.before[period]);
  setText(root.querySelector("[data-before]"), before === null ? "–" : inWords(before, unit));
  showCost(root, answer);
  showNothing(root, answer);
  const change = total === null || !before || !isOver(answer) ? null : ((total - before) / before) * 100;
  const sign = change === null ? "" : change > 0 ? "+" : "−";
  setText(root.querySelector("[data-change]"), change === null || Math.abs(change) > 999 ? "" : `${sign}${decimal(Math.abs(change), 1)} %`);
}

// Money beside the energy, and how much of the energy has no price.
export function showCost(root, answer) {
  const { cost, currency, previous, unpriced, unit, fluid, total } = answer;
  const priced = isPriced(fluid);
  root.querySelector("[data-cost]").hidden = !priced || total === null;
  setText(root.querySelector("[data-cost-total]"), money(cost, currency));
  setText(root.querySelector("[data-cost-before]"), priced && previous.cost !== null ? money(previous.cost, currency) : "");
  const note = root.querySelector("[data-unpriced]");
  note.hidden = !priced || !(unpriced > 0);
  setText(note, words.unpriced.replace("%s", inWords(unpriced, unit)));
}

// A cell of money; what it leaves out is said in it.
export function costCell(cost, unpriced, currency) {
  const cell = element("td", { class: "number" }, money(cost, currency));
  if (unpriced > 0) cell.append(element("small", { class: "without" }, words.someUnpriced));
  return cell;
}

// Gas in m³ or as the energy that it is worth: shows the switch where that is known. Returns the parameter to ask with.
export function gasUnit(root, changed) {
  const box = root.querySelector("[data-as]");
  const buttons = [...box.querySelectorAll("button")];
  for (const button of buttons) {
    button.addEventListener("click", () => { press(buttons, button); remember("gas", button.value); changed(); });
  }
  press(buttons, buttons.find((button) => button.value === remembered("gas")) ?? buttons[0]);
  const hasFactor = Number(box.dataset.as) > 0;
  const chosen = () => buttons.find((button) => button.getAttribute("aria-pressed") === "true").value;
  return (fluid) => {
    box.hidden = !(hasFactor && fluid === "gas");
    return box.hidden ? {} : { as: chosen() };
  };
}

// An empty chart says why, and leads to the period before.
export function showNothing(root, answer) {
  const { period, total } = answer;
  const box = root.querySelector("[data-nothing]");
  box.hidden = total !== null;
  setText(box.querySelector("span"), isOver(answer) ? words.nothing : words.nothingYet);
  const button = box.querySelector("button");
  setText(button, words.showBefore[period]);
  button.onclick = () => root.querySelector("[data-step='-1']").click();
}

export function showLegend(root, entries) {
  root.querySelector("[data-legend]").replaceChildren(...entries.map(([name, mark]) => element("li", {}, swatch(mark), name)));
}

export function switchTable(root) {
  const button = root.querySelector("[data-table]");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    root.querySelector("[data-rows]").hidden = !on;
    root.querySelector("[data-canvas]").hidden = on;
    root.querySelector("[data-legend]").hidden = on;
  });
}

export function failed(root) {
  root.querySelector("[data-rows]").replaceChildren(element("p", { role: "alert" }, words.failed));
  root.querySelector("[data-rows]").hidden = false;
}

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

// root: the panel; what: {of, fluid}. Returns show({of, fluid}) for another one.
export function showConsumption(root, what) {
  const bars = new Bars(root.querySelector("[data-canvas]"), words.chart);
  let chosen = null;
  let latest = 0;

  async function load() {
    const mine = ++latest;
    const { period, date } = chosen;
    const parameters = { ...what, ...asUnit(what.fluid), period };
    let answer, earlier;
    try {
      [answer, earlier] = await Promise.all([
        asked("/api/v1/consumption", { ...parameters, date }),
        asked("/api/v1/consumption", { ...parameters, date: shifted(date, period, -1) }),
      ]);
    } catch {
      return failed(root);
    }
    if (mine === latest) show(answer, beside(period, answer.bins, earlier.bins));
  }

  function show(answer, before) {
    const { period, unit, bins, fluid } = answer;
    when(bins);
    showSummary(root, answer);
    const compared = before.some((value) => value !== null);
    bars.draw({
      names: bins.map((bin) => binName(period, bin.start)), unit, before: compared ? before : null, beforeName: words.before[period],
      series: [{ name: words[fluid], colour: () => colour(fluid), values: bins.map((bin) => bin.value), faint: bins.map((bin) => isFaint(bin, answer.now)) }],
      heading: (at) => binWords(period, bins[at]),
      cost: isPriced(fluid) ? (at) => [words.cost, money(bins[at].cost, answer.currency)] : null,
      note: (at) => doubtOf(bins[at], answer.now),
    });
    showLegend(root, [[words[fluid], colour(fluid)], ...(compared ? [[words.before[period], colour("before")]] : [])]);
    root.querySelector("[data-rows]").replaceChildren(table(answer, before));
    root.querySelector("[data-rows]").hidden = root.querySelector("[data-table]").getAttribute("aria-pressed") !== "true";
  }

  switchTable(root);
  const asUnit = gasUnit(root, () => load());
  const when = periodBar(root, siteToday(zone, Number(document.body.dataset.now)), (choice) => {
    chosen = choice;
    load();
  });
  setInterval(() => document.hidden || load(), 60_000);
  return (other) => {
    what = other;
    load();
  };
}
