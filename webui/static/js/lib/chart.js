// Bar charts of consumption on a canvas, in the colours of the page.
import { decimal, figure, sizeOf, unitName } from "./figure.js";
import { element, icon, shellWords } from "./page.js";
import { placeOf, tipOf } from "./tip.js";

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Colours that stay apart for most eyes, in light and dark; the last is for what has no load.
const LOADS = ["#e0801a", "#2f7fc4", "#3f9b77", "#c2557f", "#8a6fc9", "#b79a1f", "#4ba3b5", "#a8623a", "#6f8fe0", "#7aa63f", "#d0605a", "#7d6b91", "#5c8a8a", "#c98bb0"];
export const palette = (at) => LOADS[at % LOADS.length];
const stable = (id) => LOADS[(Math.max(1, id) - 1) % LOADS.length];
// "load:3", "group:2": the same thing has the same colour on each page, whatever else is shown.
export const colourOfThing = (of) => (/:\d+$/.test(of) ? stable(Number(of.slice(of.lastIndexOf(":") + 1))) : colour(of === "others" ? "before" : "electricity"));

// A server that was set up without the library shows everything but the drawing.
export const library = import("../../vendor/charts.js").catch(() => null);

// What is estimated is hatched.
const HATCH = { symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(255, 255, 255, 0.55)" };

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
    this.canvas.getZr().on("click", (event) => this.press(event));
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

  // names: of the bins; series: [{name, colour(), values, faint, hatched: [bool], costs(at): text}] stacked, or side by side when
  // `grouped`; before: values or null; total: {name, values} of a stack; unit, a currency where `isMoney`; heading(at), note(at):
  // texts; cost(at): [name, text]; moreName: of series that have no room; open(at): one level down
  draw(drawn) {
    this.drawn = { ...drawn, beforeColour: () => colour("before") };
    if (!this.canvas) return;
    const { open } = drawn;
    this.pressed = null;
    this.canvas.setOption(this.options(this.drawn), { notMerge: true });
    this.drawing.classList.toggle("opens", Boolean(open));
  }

  // A finger reads the bar first; the second time it opens it.
  press(event) {
    const point = [event.offsetX, event.offsetY];
    const { open, names } = this.drawn ?? {};
    if (!open || !this.canvas.containPixel({ gridIndex: 0 }, point)) return;
    const at = this.canvas.convertFromPixel({ gridIndex: 0 }, point)[0];
    const isFirst = (event.event?.zrByTouch || event.event?.pointerType === "touch") && this.pressed !== at;
    this.pressed = at;
    if (!isFirst && at >= 0 && at < names.length) open(at);
  }

  // What is drawn as a picture that stands alone: {type, content} with a white ground, whatever the page's colours.
  async picture(kind, title) {
    const { echarts } = await library;
    await import("../../vendor/saving.js");
    const width = 1200;
    const height = 600;
    const root = document.documentElement;
    const before = root.dataset.theme;
    const sheet = document.createElement("div");
    root.dataset.theme = "light";
    const canvas = kind === "svg"
      ? echarts.init(null, null, { renderer: "svg", ssr: true, width, height })
      : echarts.init(sheet, null, { renderer: "canvas", width, height, devicePixelRatio: 2 });
    try {
      const options = this.options(this.drawn);
      const legend = { show: true, bottom: 8, type: "plain", icon: "roundRect", textStyle: options.textOf };
      canvas.setOption({
        ...options, animation: false, backgroundColor: "#ffffff", legend,
        grid: { left: 24, right: 24, top: 56, bottom: 56, containLabel: true },
        title: { text: title, subtext: this.unit.textContent, left: 24, top: 8, textStyle: { ...options.textOf, fontSize: 15, color: colour("ink") } },
      });
      return kind === "svg" ? canvas.renderToSVGString() : canvas.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" });
    } finally {
      canvas.dispose();
      if (before === undefined) delete root.dataset.theme;
      else root.dataset.theme = before;
    }
  }

  options(drawn) {
    const { names, series, before, unit, grouped } = drawn;
    const sum = (at) => series.reduce((whole, one) => whole + Math.abs(one.values[at] ?? 0), 0);
    const most = (at) => Math.max(0, ...series.map((one) => Math.abs(one.values[at] ?? 0)));
    const tops = names.map((_, at) => (grouped ? most(at) : sum(at)));
    const highest = Math.max(0, ...tops, ...(before ?? []).map((value) => Math.abs(value ?? 0)));
    const size = drawn.isMoney ? 0 : sizeOf(Math.max(1, highest), unit);
    const by = 1000 ** size;
    this.unit.textContent = drawn.isMoney ? unit : unitName(unit, size);
    const small = this.place.clientWidth < 480;
    const stacked = series.length > 1 && !grouped;
    const text = { color: colour("ink-faint"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
    return {
      textOf: text,
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
      series: [...series.map((one, place) => this.bar(one, place === series.length - 1, stacked, by)), ...this.ghost(before, by, drawn)],
    };
  }

  bar(one, isTop, stacked, by) {
    const fill = one.colour();
    const corner = isTop || !stacked ? [3, 3, 0, 0] : 0;
    const data = one.values.map((value, at) => ({
      value: value === null || value === undefined ? null : value / by,
      itemStyle: { opacity: one.faint?.[at] ? 0.5 : 1, ...(one.hatched?.[at] ? { decal: HATCH } : {}) },
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
    if (this.drawn.isMoney) return this.drawn.moneyOf(value);
    const shown = figure(value, this.drawn.unit, size);
    return `${shown.text} ${shown.unit}`;
  }
}
