// Curves of recorded quantities on a canvas: mean with the band of lowest and highest, gaps and events; one field a unit.
import { colour, library, palette } from "./chart.js";
import { decimal, words as inWords } from "./figure.js";
import { element, icon, language, shellWords, swatch, zone } from "./page.js";
import { placeOf } from "./tip.js";

const FIELD_PX = 250; // of each unit, its name above and the axis below included
const ABOVE_PX = 26;
const BELOW_PX = 28;
const STEPS_S = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000];
const MONTHS = [1, 2, 3, 6, 12, 24, 60];
const MONTH_S = 2_629_800;
const LEAST_DRAG_PX = 8;
const forms = new Map();

function formOf(options) {
  const key = JSON.stringify(options);
  if (!forms.has(key)) forms.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options }));
  return forms.get(key);
}
export const momentOf = (ts) => formOf({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(ts * 1000);

// Seconds by which the site's clock is ahead of UTC.
function offset_s(ts) {
  const parts = Object.fromEntries(formOf({ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" })
    .formatToParts(ts * 1000).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) / 1000 - ts;
}

// Moments of the axis: where the site's clock shows round times.
export function ticks(from, to, most) {
  const step = STEPS_S.find((each) => (to - from) / each <= most);
  if (!step) return monthTicks(from, to, most);
  const found = [];
  for (let local = Math.ceil((from + offset_s(from)) / step) * step; found.length <= most + 1; local += step) {
    const ts = local - offset_s(local - offset_s(from));
    if (ts > to) break;
    if (ts >= from) found.push(ts);
  }
  return { found, step };
}

function monthTicks(from, to, most) {
  const months = MONTHS.find((each) => (to - from) / (each * MONTH_S) <= most) ?? MONTHS[MONTHS.length - 1];
  const begin = new Date((from + offset_s(from)) * 1000);
  const found = [];
  for (let month = begin.getUTCFullYear() * 12 + begin.getUTCMonth(); found.length <= most + 1; month += 1) {
    if (month % months) continue;
    const local = Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000;
    const ts = local - offset_s(local);
    if (ts > to) break;
    if (ts >= from) found.push(ts);
  }
  return { found, step: months * MONTH_S };
}

const labelOf = (step) => (ts) => {
  if (step < 86_400) return formOf({ hour: "2-digit", minute: "2-digit" }).format(ts * 1000);
  if (step < MONTH_S) return formOf({ day: "numeric", month: "short" }).format(ts * 1000);
  return formOf({ month: "short", year: "numeric" }).format(ts * 1000);
};

// Where the point that holds at `ts` stands, -1 for none.
export function indexAt({ start, step_s, mean }, ts) {
  let [low, high] = [0, start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[middle] <= ts) low = middle + 1;
    else high = middle;
  }
  const at = low - 1;
  if (at < 0) return -1;
  const until = start[at + 1] ?? start[at] + step_s;
  return mean[at] === null || ts >= until ? -1 : at;
}

export class Curves {
  // zoom(from, to): somebody chose a stretch of time by dragging or pinching
  constructor(place, label, zoom) {
    this.place = place;
    this.zoom = zoom;
    this.drawing = element("div", { class: "curve-drawing", "data-curves": "" });
    this.brush = element("div", { class: "brush", hidden: true });
    place.classList.add("curves");
    place.replaceChildren(this.drawing, this.brush);
    library.then((loaded) => (loaded ? this.begin(loaded.echarts, label) : this.excuse()));
  }

  begin(echarts, label) {
    this.place.setAttribute("role", "img");
    this.place.setAttribute("aria-label", label);
    this.canvas = echarts.init(this.drawing, null, { renderer: "canvas" });
    new ResizeObserver(() => this.canvas.resize()).observe(this.drawing);
    document.addEventListener("themechange", () => this.shown && this.draw(this.shown));
    this.wireDrag();
    if (this.shown) this.draw(this.shown);
  }

  excuse() {
    const words = element("div", {}, element("h2", {}, shellWords.noCharts), element("p", {}, shellWords.noChartsText));
    this.place.replaceChildren(element("div", { class: "notice warn", "data-no-curves": true }, icon("state-communication_error"), words));
  }

  // shown: {from, to, series: [{name, unit, start, mean, min, max, step_s, gaps}], events: [{ts, text}], eventsName}
  draw(shown) {
    this.shown = shown;
    const units = [...new Set(shown.series.map((one) => one.unit))];
    this.units = units.length ? units : [""];
    if (!this.canvas) return;
    this.drawing.style.height = `${FIELD_PX * this.units.length}px`;
    this.canvas.resize();
    this.canvas.setOption(this.options(shown), { notMerge: true });
  }

  options(shown) {
    const text = { color: colour("ink-faint"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
    const small = this.place.clientWidth < 480;
    const { found, step } = ticks(shown.from, shown.to, small ? 4 : 9);
    return {
      textOf: text, animation: false,
      grid: this.units.map((_, at) => ({ left: 56, right: 12, top: at * FIELD_PX + ABOVE_PX, height: FIELD_PX - ABOVE_PX - BELOW_PX })),
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: {
        trigger: "axis", className: "tip-box", backgroundColor: colour("surface"), borderColor: colour("line"), borderWidth: 1, padding: 8, transitionDuration: 0,
        textStyle: { ...text, color: colour("ink") }, axisPointer: { type: "line", lineStyle: { color: colour("ink-faint") }, label: { show: false } },
        position: (point, _points, _box, _rect, { contentSize }) => placeOf(this.drawing, point, contentSize),
        formatter: (points) => this.tip(points[0].axisValue),
      },
      xAxis: this.units.map((_, at) => ({
        type: "value", gridIndex: at, min: shown.from, max: shown.to, splitLine: { show: false },
        axisLine: { lineStyle: { color: colour("line-strong") } }, axisTick: { customValues: found },
        axisLabel: { ...text, customValues: found, formatter: labelOf(step), hideOverlap: true },
      })),
      yAxis: this.units.map((unit, at) => ({
        type: "value", gridIndex: at, name: unitName(unit), nameTextStyle: { ...text, align: "right" }, scale: unit !== "W" && unit !== "A", splitNumber: small ? 3 : 4,
        axisLabel: { ...text, formatter: (value) => axisNumber(value, unit) }, splitLine: { lineStyle: { color: colour("line") } },
      })),
      series: shown.series.flatMap((one, place) => this.lines(one, place, shown)),
    };
  }

  lines(one, place, shown) {
    const field = this.units.indexOf(one.unit);
    const fill = palette(place);
    const steps = (values) => one.start.map((ts, at) => [ts + one.step_s / 2, values[at]]);
    const isFirst = shown.series.findIndex((other) => other.unit === one.unit) === place;
    const base = { type: "line", xAxisIndex: field, yAxisIndex: field, symbol: "none", connectNulls: false, silent: true, emphasis: { disabled: true } };
    const alone = one.start.length === 1;
    const band = { ...base, stack: `band ${place}`, stackStrategy: "all", lineStyle: { width: 0 }, z: 1 };
    const width = one.max.map((most, at) => (most === null ? null : most - one.min[at]));
    return [
      { ...band, data: steps(one.min) },
      { ...band, data: steps(width), areaStyle: { color: fill, opacity: 0.18 } },
      {
        ...base, name: one.name, data: steps(one.mean), lineStyle: { color: fill, width: 1.75 }, itemStyle: { color: fill }, z: 3,
        symbol: alone ? "circle" : "none", symbolSize: 6,
        markArea: isFirst ? { silent: true, itemStyle: { color: colour("ink-faint"), opacity: 0.1 }, data: one.gaps.map(([a, b]) => [{ xAxis: a }, { xAxis: b }]) } : undefined,
        markLine: isFirst && shown.events.length ? {
          silent: true, symbol: ["none", "triangle"], symbolSize: 7, label: { show: false }, lineStyle: { color: colour("warn"), type: [3, 3], width: 1 },
          data: shown.events.map((event) => ({ xAxis: event.ts })),
        } : undefined,
      },
    ];
  }

  tip(ts) {
    const { series, events, from, to } = this.shown;
    const lines = element("div", { class: "lines" });
    series.forEach((one, place) => {
      const at = indexAt(one, ts);
      const value = at < 0 ? "–" : inWords(one.mean[at], one.unit);
      lines.append(element("span", { class: "mark" }, swatch(palette(place))), element("span", { class: "name" }, one.name), element("b", {}, value));
      if (at >= 0 && one.max[at] !== one.min[at]) lines.append(element("span", { class: "cost" }, `${inWords(one.min[at], one.unit)} … ${inWords(one.max[at], one.unit)}`));
    });
    const near = events.filter((event) => Math.abs(event.ts - ts) < (to - from) / 80).slice(0, 3);
    return element("div", { class: "tip" }, element("strong", {}, momentOf(ts)), lines, ...near.map((event) => element("p", { class: "soft" }, event.text)));
  }

  // A mouse drags over what is to be seen closer; two fingers draw it apart.
  wireDrag() {
    const down = new Map();
    let begun = null;
    const timeAt = (x) => this.canvas.convertFromPixel({ xAxisIndex: 0 }, x - this.drawing.getBoundingClientRect().left);
    const clamp = (ts) => Math.min(this.shown.to, Math.max(this.shown.from, ts));
    this.drawing.addEventListener("pointerdown", (event) => {
      if (!this.shown || (event.pointerType === "mouse" && event.button)) return;
      down.set(event.pointerId, event.clientX);
      const xs = [...down.values()];
      begun = event.pointerType === "mouse" ? { kind: "drag", x: event.clientX } : xs.length === 2 ? { kind: "pinch", xs, times: xs.map(timeAt) } : null;
    });
    addEventListener("pointermove", (event) => {
      if (!down.has(event.pointerId)) return;
      down.set(event.pointerId, event.clientX);
      if (begun?.kind === "drag") this.showBrush(begun.x, event.clientX);
    });
    const end = (event) => {
      if (!down.has(event.pointerId)) return;
      const xs = [...down.values()];
      down.delete(event.pointerId);
      this.brush.hidden = true;
      if (begun?.kind === "drag" && Math.abs(event.clientX - begun.x) >= LEAST_DRAG_PX) {
        const [a, b] = [begun.x, event.clientX].map(timeAt).map(clamp).sort((x, y) => x - y);
        this.zoom(a, b);
      } else if (begun?.kind === "pinch" && xs.length === 2) this.pinched(begun, xs);
      begun = null;
    };
    addEventListener("pointerup", end);
    addEventListener("pointercancel", (event) => { down.delete(event.pointerId); begun = null; this.brush.hidden = true; });
  }

  pinched({ xs: before, times }, after) {
    if (Math.abs(after[1] - after[0]) < LEAST_DRAG_PX || Math.abs(before[1] - before[0]) < LEAST_DRAG_PX) return;
    const perPixel = (times[1] - times[0]) / (after[1] - after[0]);
    const box = this.drawing.getBoundingClientRect();
    const at = (x) => times[0] + (x - after[0]) * perPixel;
    const [left, right] = [box.left + 56, box.right - 12];
    if (perPixel > 0) this.zoom(at(left), at(right));
  }

  showBrush(from, to) {
    const box = this.place.getBoundingClientRect();
    this.brush.hidden = Math.abs(to - from) < LEAST_DRAG_PX;
    this.brush.style.left = `${Math.min(from, to) - box.left}px`;
    this.brush.style.width = `${Math.abs(to - from)}px`;
  }
}

const unitName = (unit) => ({ W: "kW", var: "kvar", VA: "kVA", pf: "" })[unit] ?? unit;

function axisNumber(value, unit) {
  const by = ["W", "var", "VA"].includes(unit) ? 1000 : 1;
  const shown = value / by;
  return decimal(shown, Number.isInteger(shown) ? 0 : Number.isInteger(Math.round(shown * 1e6) / 1e5) ? 1 : 2);
}
