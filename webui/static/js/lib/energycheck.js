// What both pages of "Is my energy right?" show alike: remarks, levels, results of a check of the display.
import { decimal, figure, index, isCounter, words as inWords } from "./figure.js";
import { element, icon, language, words, zone } from "./page.js";

const says = words.says;
const full = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
export const moment = (text) => (text ? full.format(new Date(text)) : "–");
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
export const energy = (value, unit) => (value === null || value === undefined ? "–" : inWords(value, unit));

const ICONS = { good: "state-on", open: "eye", warn: "question", bad: "state-communication_error" };
export const LEVELS = ["bad", "warn", "open", "good"];
const LOOKS = { good: ["display_fits", "power_fits", "index_fits"], open: ["display_never"], warn: ["rest_unexplained", "estimated_much", "not_read"] };

export function indexText(value, unit) {
  if (value === null || value === undefined) return "–";
  const shown = isCounter(unit) ? index(value, unit) : figure(value, unit);
  return `${shown.text} ${shown.unit}`;
}

export function level(id) {
  return element("span", { class: `level ${id}` }, icon(ICONS[id]), says.levels[id]);
}

// levels: of the remarks, by their ids; a remark with nothing to do is one line.
export function remark(look, what, todo = "") {
  return element("li", { class: look }, icon(ICONS[look]), element("b", {}, what), ...(todo ? [element("span", {}, todo)] : []));
}

export const lookOf = (id) => Object.keys(LOOKS).find((look) => LOOKS[look].includes(id)) ?? "bad";

// "1,000 times" or "1/30 of" what we read.
export function factorText(factor) {
  if (factor === null) return "";
  const large = Math.abs(factor) >= 1;
  const value = large ? factor : 1 / factor;
  const text = decimal(value, Math.abs(value - Math.round(value)) < 0.005 ? 0 : 2);
  return fill(large ? says.times : says.part, { factor: text });
}

// What follows from a check of the display: [what, what to do, …].
export function resultOf(check) {
  const [what, todo] = words.results[check.result];
  const other = check.other && fill(says.otherOf, { counter: words.names[check.other.quantity] ?? check.other.quantity, device: words.devices[check.other.device] ?? check.other.device });
  const values = { factor: factorText(check.factor), transformer: check.transformer ?? says.noTransformer, other };
  const scaled = ["scale", "ratio"].includes(check.result) ? words.whichScale[check.power ?? ""] : "";
  return [fill(what, values), [fill(todo, values), scaled].filter(Boolean).join(" ")];
}

export const resultLook = (check) => ({ fits: "good", too_small: "warn" })[check.result] ?? "bad";

// head: [name, class]; rows: of cells (texts or nodes). On a phone each row becomes a card.
export function table(head, rows) {
  const cells = (row) => row.map((cell, at) => {
    const attributes = { class: head[at][1] || null, "data-name": at ? head[at][0] : null };
    return at ? element("td", attributes, ...[cell].flat()) : element("th", { scope: "row" }, ...[cell].flat());
  });
  return element("div", { class: "grid cards long" }, element("div", { class: "scroll" }, element("table", {},
    element("thead", {}, element("tr", {}, ...head.map(([name, look]) => element("th", { scope: "col", class: look || null }, name)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row)))),
  )));
}

export function pairs(list) {
  return list.filter(Boolean).map(([name, value, look]) => element("div", {}, element("dt", {}, name), element("dd", { class: look ?? null }, ...[value].flat())));
}
