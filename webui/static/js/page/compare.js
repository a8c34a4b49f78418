// Compare: two things, or one with itself at another time, as totals or bin by bin; unlike kinds in money only.
import { colour } from "../lib/chart.js";
import { ChartPanel, say } from "../lib/chartpanel.js";
import { asked, beside, changeWords, doubtOf, isPriced, looksOf, showSummary } from "../lib/consumption.js";
import { money, words as inWords } from "../lib/figure.js";
import { element, press, setText, words as pageWords } from "../lib/page.js";
import { binName, binWords, shifted } from "../lib/period.js";

const words = pageWords.consumption;
const root = document.querySelector("[data-consumption]");
const first = document.getElementById("first");
const second = document.getElementById("second");
const modes = [...root.querySelectorAll("[data-mode]")];
const COLOURS = ["electricity", "water"];
const address = new URL(location.href);
let mode = modes.some((button) => button.dataset.mode === address.searchParams.get("mode")) ? address.searchParams.get("mode") : "details";

const valueOf = (option) => (option.dataset.fluid && option.value === "total" ? `total:${option.dataset.fluid}` : option.value);
const thing = (select) => ({ of: select.value, fluid: select.selectedOptions[0].dataset.fluid ?? "electricity", name: select.selectedOptions[0].textContent });

function restore(select, name, fallback) {
  const wanted = address.searchParams.get(name);
  const at = [...select.options].findIndex((option) => valueOf(option) === wanted);
  if (wanted && at < 0) say(root, pageWords.missing.replace("%s", wanted.slice(0, 40)));
  select.selectedIndex = at >= 0 ? at : fallback;
}
restore(first, "first", 0);
restore(second, "second", 0);

function keep() {
  const here = new URL(location.href);
  for (const [name, value] of [["first", valueOf(first.selectedOptions[0])], ["second", valueOf(second.selectedOptions[0])], ["mode", mode]]) here.searchParams.set(name, value);
  history.replaceState(null, "", here);
}

const isTime = () => second.selectedOptions[0].dataset.fluid === undefined;

// The date at which the same thing is looked at again.
function otherDate({ period, date }) {
  if (second.value === "before") return shifted(date, period, -1);
  if (second.value === "week") return [1, 2, 3, 4, 5, 6, 7].reduce((day) => shifted(day, "day", -1), date);
  return shifted(date, "year", -1);
}

async function ask(chosen) {
  if (second.value === "week" && chosen.period !== "day") {
    say(root, pageWords.noWeek);
    second.value = "before";
  }
  keep();
  const [a, b] = [thing(first), isTime() ? { ...thing(first), name: second.selectedOptions[0].textContent } : thing(second)];
  const date = isTime() ? otherDate(chosen) : chosen.date;
  const [one, two] = await Promise.all([
    asked("/api/v1/consumption", { of: a.of, fluid: a.fluid, ...chosen }),
    asked("/api/v1/consumption", { of: b.of, fluid: b.fluid, period: chosen.period, date }),
  ]);
  return { one, two, names: [a.name, b.name] };
}

const amount = (text) => (text === null ? null : Number(text));

function show({ one, two, names }) {
  const isMoney = one.unit !== two.unit || one.fluid !== two.fluid;
  const { bins, period, currency, now } = one;
  root.querySelector("[data-unlike]").hidden = !isMoney;
  showSummary(root, one);
  const pickValue = (bin) => (isMoney ? amount(bin.cost) : bin.value);
  const values = [bins.map(pickValue), beside(period, bins, two.bins.map((bin) => ({ start: bin.start, value: pickValue(bin) })))];
  const totals = [one, two].map((answer) => (isMoney ? amount(answer.cost) : answer.total));
  const decimals = (one.cost ?? two.cost ?? "0.00").split(".")[1]?.length ?? 0;
  const text = (value) => (value === null ? "–" : isMoney ? money(value.toFixed(decimals), currency) : inWords(value, one.unit));
  const common = { isMoney, unit: isMoney ? currency : one.unit, moneyOf: text, before: null, costs: null, currency, grouped: true, title: names.join(" / ") };
  const looks = looksOf(bins, now);
  const series = names.map((name, at) => ({ key: String(at), name, colour: () => colour(COLOURS[at]), values: values[at], ...(at ? {} : looks) }));
  if (mode === "details") {
    panel.draw({ ...common, bins, names: bins.map((bin) => binName(period, bin.start)), series, heading: (at) => binWords(period, bins[at]), note: (at) => doubtOf(bins[at], now) },
      () => table(bins.map((bin, at) => [binWords(period, bin), ...values.map((each) => each[at])]), names, totals, text));
  } else {
    const whole = { start: bins[0]?.start ?? "", end: bins[bins.length - 1]?.end ?? "", quality: "" };
    panel.draw({ ...common, bins: [whole], names: [root.querySelector("[data-when]").textContent], heading: () => words.total, open: null,
      series: series.map((one, at) => ({ ...one, values: [totals[at]], faint: null, hatched: null })) }, () => table([], names, totals, text));
  }
  root.querySelector("[data-verdict]").replaceChildren(table([], names, totals, text, one, two));
}

function table(rows, names, totals, text, one = null, two = null) {
  const line = ([name, a, b], tag = "tr") => element(tag, {}, element("th", { scope: "row" }, name), element("td", { class: "number" }, text(a)), element("td", { class: "number" }, text(b)),
    element("td", { class: "number soft" }, a === null || b === null ? "–" : text(a - b)), element("td", { class: "number soft" }, changeWords(a, b) || "–"));
  const costs = one && isPriced(one.fluid) && isPriced(two.fluid) && one.fluid === two.fluid;
  const cost = costs ? [element("tr", {}, element("th", { scope: "row" }, words.cost), element("td", { class: "number" }, money(one.cost, one.currency)), element("td", { class: "number" }, money(two.cost, two.currency)),
    element("td", { class: "number soft" }, one.cost === null || two.cost === null ? "–" : money((Number(one.cost) - Number(two.cost)).toFixed(one.cost.split(".")[1]?.length ?? 0), one.currency)),
    element("td", { class: "number soft" }, changeWords(amount(one.cost), amount(two.cost)) || "–"))] : [];
  return element("table", {},
    element("thead", {}, element("tr", {}, ...[words.when, ...names, words.difference, "%"].map((name, at) => element("th", { scope: "col", class: at ? "number" : null }, name)))),
    element("tbody", {}, ...rows.map((row) => line(row)), ...cost),
    element("tfoot", {}, line([words.total, ...totals])));
}

for (const select of [first, second]) select.addEventListener("change", () => panel.load());
for (const button of modes) {
  button.addEventListener("click", () => {
    mode = button.dataset.mode;
    press(modes, button);
    panel.load();
  });
}
press(modes, modes.find((button) => button.dataset.mode === mode));
root.querySelector("[data-swap]").addEventListener("click", () => {
  const index = [...first.options].findIndex((option) => valueOf(option) === valueOf(second.selectedOptions[0]));
  const other = [...second.options].findIndex((option) => valueOf(option) === valueOf(first.selectedOptions[0]));
  if (index < 0) return;
  first.selectedIndex = index;
  second.selectedIndex = other;
  panel.load();
});
const panel = new ChartPanel(root, ask, show).begin();
