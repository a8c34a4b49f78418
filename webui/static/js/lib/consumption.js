// What the pages of consumption share: asking the API, the summary above a chart, cells of money, looks of bars.
import { decimal, figure, money, words as inWords } from "./figure.js";
import { element, press, remember, remembered, setText, swatch, words as pageWords } from "./page.js";
import { binName } from "./period.js";
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

const isAhead = ({ bins, now }) => bins.every((bin) => Date.parse(bin.start) > Date.parse(now));

// Whether a bar is drawn paler, and why: it still grows, or what it shows is not sure. "" = neither.
export function doubtOf(bin, now) {
  if (bin.value === null) return "";
  const isRunning = Date.parse(bin.end) > Date.parse(now);
  return [isRunning ? words.running : "", bin.quality === "good" ? "" : words.qualities[bin.quality]].filter(Boolean).join(" · ");
}
// How bars look: paler while they grow, hatched where what they show is not sure.
export const looksOf = (bins, now) => ({
  faint: bins.map((bin) => bin.value !== null && Date.parse(bin.end) > Date.parse(now)),
  hatched: bins.map((bin) => bin.value !== null && bin.quality !== "good"),
});

// A period that still runs is compared with the one before until the same moment of it.
export function showSummary(root, answer) {
  const { total, unit, period, previous } = answer;
  const soFar = isOver(answer) ? null : previous.so_far;
  const before = soFar ? soFar.total : previous.total;
  const shown = total === null ? { text: "–", unit: "" } : figure(total, unit);
  setText(root.querySelector("[data-total]"), shown.text);
  setText(root.querySelector("[data-total-unit]"), shown.unit);
  setText(root.querySelector("[data-before-label]"), (soFar ? words.beforeSoFar : words.before)[period]);
  setText(root.querySelector("[data-before]"), before === null ? "–" : inWords(before, unit));
  showCost(root, answer, soFar ? soFar.cost : previous.cost);
  showExport(root, answer);
  showNothing(root, answer);
  setText(root.querySelector("[data-change]"), changeWords(total, before));
}

// What flowed out, what it earned, and how much of it was used in the same hours.
function showExport(root, { total, unit, currency, export: out }) {
  const box = root.querySelector("[data-export]");
  if (!box) return;
  box.hidden = !out;
  if (!out) return;
  setText(box.querySelector("[data-export-total]"), inWords(out.total, unit));
  const notes = [out.revenue === null ? "" : money(out.revenue, currency)];
  if (out.own_use !== null) {
    notes.push(words.ownUse.replace("%s", `${decimal((out.own_use / out.total) * 100, 0)} %`));
    if (total) notes.push(words.autarky.replace("%s", `${decimal((out.own_use / total) * 100, 0)} %`));
  }
  setText(box.querySelector("[data-export-more]"), notes.filter(Boolean).join(" · "));
}

// What flowed out is drawn below zero: a series, or none.
export function exportSeries({ export: out }, looks, colourOf) {
  if (!out) return [];
  return [{ key: "export", name: words.exported, colour: colourOf, values: out.values.map((value) => (value ? -value : value)), ...looks }];
}

// "+12.3 %" of one value against another; "" where that says nothing.
export function changeWords(value, before) {
  if (value === null || !before) return "";
  const change = ((value - before) / Math.abs(before)) * 100;
  return Math.abs(change) > 999 ? "" : `${change > 0 ? "+" : change < 0 ? "−" : ""}${decimal(Math.abs(change), 1)} %`;
}

// Money beside the energy, and how much of the energy has no price.
export function showCost(root, answer, before) {
  const { cost, currency, unpriced, unit, fluid, total } = answer;
  const priced = isPriced(fluid);
  root.querySelector("[data-cost]").hidden = !priced || total === null;
  setText(root.querySelector("[data-cost-total]"), money(cost, currency));
  setText(root.querySelector("[data-cost-before]"), priced && before !== null ? money(before, currency) : "");
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
  setText(box.querySelector("span"), isOver(answer) ? words.nothing : isAhead(answer) ? words.ahead : words.nothingYet);
  const button = box.querySelector("button");
  setText(button, words.showBefore[period]);
  button.onclick = () => root.querySelector("[data-step='-1']").click();
}

export function showLegend(root, entries) {
  root.querySelector("[data-legend]").replaceChildren(...entries.map(([name, mark]) => element("li", {}, swatch(mark), name)));
}

export function failed(root) {
  root.querySelector("[data-rows]").replaceChildren(element("p", { role: "alert" }, words.failed));
  root.querySelector("[data-rows]").hidden = false;
}
