// The box beside the pointer that reads a bar of a chart: names, values, money, how sure it is; and where it fits.
import { element, swatch } from "./page.js";

const ROW_PX = 24;
const FRAME_PX = 200; // heading, total, money, notes and the bars of the page above and below
const GAP_PX = 12;

// drawn: as of Bars.draw; show(value) -> text with its unit
export function tipOf(drawn, at, show) {
  const { series, before, beforeName, heading, note, cost, total, moreName } = drawn;
  const rows = series.map((one) => ({ name: one.nameOf?.(at) ?? one.name, value: one.values[at], mark: one.colour(), cost: one.costs?.(at) }));
  const there = rows.length < 3 ? rows : rows.filter((row) => row.value);
  const { shown, rest } = shorten(there, Math.max(3, Math.floor((innerHeight - FRAME_PX) / ROW_PX)));
  const lines = element("div", { class: "lines" });
  for (const row of [...shown].reverse()) lines.append(...line(row, show(row.value)));
  if (rest.length) lines.append(...line({ name: `${moreName} (${rest.length})` }, show(rest.reduce((sum, row) => sum + row.value, 0))));
  const isByPart = rows.some((row) => row.cost); // then the money of the whole stands below that of its parts
  if (total) lines.append(...line({ name: total.name, strong: true, cost: isByPart && cost?.(at)[1] }, show(total.values[at])));
  if (cost && !isByPart) lines.append(...line({ name: cost(at)[0], strong: Boolean(total) }, cost(at)[1]));
  if (before) lines.append(...line({ name: beforeName, mark: drawn.beforeColour() }, show(before[at])));
  const box = element("div", { class: "tip" }, element("strong", {}, heading(at)), lines);
  const remark = note?.(at);
  if (remark) box.append(element("p", { class: "soft" }, remark));
  return box;
}

function line({ name, mark, cost, strong }, value) {
  const named = element("span", { class: strong ? "name strong" : "name" }, name);
  const cells = [element("span", { class: "mark" }, ...(mark ? [swatch(mark)] : [])), named, element("b", {}, value)];
  if (cost) cells.push(element("span", { class: "cost" }, cost));
  return cells;
}

// The largest that there is room for, in their order, and the rest.
function shorten(rows, room) {
  if (rows.length <= room) return { shown: rows, rest: [] };
  const largest = new Set([...rows].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, room - 1));
  return { shown: rows.filter((row) => largest.has(row)), rest: rows.filter((row) => !largest.has(row)) };
}

// Where the box stands, in the chart's own pixels: beside the pointer, wholly within what of the page can be seen.
export function placeOf(drawing, point, [width, height]) {
  const chart = drawing.getBoundingClientRect();
  const top = (document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0) + 4;
  const bar = document.querySelector(".navigation");
  const isBelow = bar && getComputedStyle(bar).position === "fixed" && bar.getBoundingClientRect().top > innerHeight / 2;
  const bottom = (isBelow ? bar.getBoundingClientRect().top : innerHeight) - 4;
  const right = document.documentElement.clientWidth - 4;
  const fits = chart.left + point[0] + GAP_PX + width <= right;
  const left = fits ? chart.left + point[0] + GAP_PX : chart.left + point[0] - GAP_PX - width;
  const above = chart.top + point[1] - height / 2;
  return [
    Math.max(4, Math.min(left, right - width)) - chart.left,
    Math.max(top, Math.min(above, bottom - height)) - chart.top,
  ];
}
