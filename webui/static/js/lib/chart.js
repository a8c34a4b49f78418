// Bar charts of consumption on a canvas, in the colours of the page.
import { decimal, figure, sizeOf, unitName } from "./figure.js";
import { element, icon, shellWords } from "./page.js";
import { placeOf, tipOf } from "./tip.js";

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Colours that stay apart for most eyes, in light and dark; the last is for what has no load.
const LOADS = ["#e0801a", "#2f7fc4", "#3f9b77", "#c2557f", "#8a6fc9", "#b79a1f", "#4ba3b5", "#a8623a", "#6f8fe0", "#7aa63f", "#d0605a", "#7d6b91", "#5c8a8a", "#c98bb0"];
export const loadColour = (at, isOthers) => (isOthers ? colour("before") : LOADS[at % LOADS.length]);

// A server that was set up without the library shows everything but the drawing.
const library = import("../../vendor/charts.js").catch(() => null);

export class Bars {
  constructor(place, label) {
    this.place = place;
    this.unit = element("div", { class: "unit", "aria-hidden": "true" });
    this.drawing = element("div", { class: "drawing" });
    this.canvas = null;
    place.replaceChildren(this.unit, this.drawing);
    library.then((loaded) => (loaded ? this.begin(loaded.echarts, label) : this.excuse()));
  }

  begin(echarts, label) {
    this.canvas = echarts.init(this.drawing, null, { renderer: "canvas" });
    this.place.setAttribute("role", "img");
    this.place.setAttribute("aria-label", label);
    new ResizeObserver(() => this.canvas.resize()).observe(this.drawing);
    document.addEventListener("themechange", () => this.drawn && this.draw(this.drawn));
    if (this.drawn) this.draw(this.drawn);
  }

  excuse() {
    const words = element("div", {}, element("h2", {}, shellWords.noCharts), element("p", {}, shellWords.noChartsText));
    this.place.replaceChildren(element("div", { class: "notice warn", "data-no-charts": true }, icon("state-communication_error"), words));
  }

  // names: of the bins; series: [{name, colour(), values, faint: [bool], costs(at): text}] stacked; before: values or null;
  // total: {name, values} of a stack; unit; heading(at), note(at): texts; cost(at): [name, text]; moreName: of series that have no room
  draw(drawn) {
    this.drawn = { ...drawn, beforeColour: () => colour("before") };
    if (!this.canvas) return;
    const { names, series, before, unit } = drawn;
    const tops = names.map((_, at) => series.reduce((sum, one) => sum + Math.max(0, one.values[at] ?? 0), 0));
    const size = sizeOf(Math.max(1, ...tops, ...(before ?? []).map((value) => value ?? 0)), unit);
    const by = 1000 ** size;
    this.unit.textContent = unitName(unit, size);
    const small = this.place.clientWidth < 480;
    const text = { color: colour("ink-faint"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
    this.canvas.setOption({
      animationDuration: 250,
      animationDurationUpdate: 250,
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      grid: { left: 4, right: 8, top: 10, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: colour("ink"), opacity: 0.06 } },
        className: "tip-box", position: (point, _points, _box, _bar, { contentSize }) => placeOf(this.drawing, point, contentSize),
        backgroundColor: colour("surface"), borderColor: colour("line"), borderWidth: 1, padding: 8, transitionDuration: 0,
        textStyle: { ...text, color: colour("ink") }, formatter: (points) => tipOf(this.drawn, points[0].dataIndex, (value) => this.shown(value, size)),
      },
      xAxis: {
        type: "category", data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line-strong") } },
        axisLabel: { ...text, hideOverlap: true, margin: 10, interval: "auto" },
      },
      yAxis: {
        type: "value",
        axisLabel: { ...text, formatter: (value) => decimal(value, Number.isInteger(value) ? 0 : Number.isInteger(value * 10) ? 1 : 2) },
        splitLine: { lineStyle: { color: colour("line") } }, splitNumber: small ? 3 : 5,
      },
      series: [...series.map((one, place) => this.bar(one, place === series.length - 1, series.length > 1, by)), ...this.ghost(before, by, drawn)],
    }, { notMerge: true });
  }

  bar(one, isTop, stacked, by) {
    const fill = one.colour();
    const corner = isTop || !stacked ? [3, 3, 0, 0] : 0;
    const data = one.values.map((value, at) => ({
      value: value === null ? null : value / by,
      itemStyle: { opacity: one.faint?.[at] ? 0.5 : 1 },
    }));
    return {
      type: "bar", name: one.name, stack: stacked ? "all" : undefined, data, barMaxWidth: 44, barCategoryGap: "26%",
      itemStyle: { color: fill, borderRadius: corner }, emphasis: { disabled: true },
    };
  }

  ghost(before, by, drawn) {
    if (!before) return [];
    return [{
      type: "line", name: drawn.beforeName, step: "middle", symbol: "none", silent: true, z: 3, connectNulls: false,
      data: before.map((value) => (value === null ? null : value / by)),
      lineStyle: { color: colour("before"), width: 1.5, type: [4, 3] },
    }];
  }

  shown(value, size) {
    if (value === null || value === undefined) return "–";
    const shown = figure(value, this.drawn.unit, size);
    return `${shown.text} ${shown.unit}`;
  }
}
