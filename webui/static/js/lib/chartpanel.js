// The panel of a chart: its period, its table, which series are drawn, full screen, what can be saved. Asks again each minute.
import { Bars } from "./chart.js";
import { failed } from "./consumption.js";
import { save, saveCsv } from "./download.js";
import { element, setText, shellWords, swatch, words as pageWords, zone } from "./page.js";
import { periodBar, siteToday } from "./period.js";

const words = pageWords.consumption;
const DEEPER = { decade: "year", year: "month", month: "day" };
const EACH_MS = 60_000;

export class ChartPanel {
  // ask({period, date}) -> the answer; show(answer): draws it by `draw`. Begins when `begin` is called.
  constructor(root, ask, show) {
    this.root = root;
    this.ask = ask;
    this.show = show;
    this.bars = new Bars(root.querySelector("[data-canvas]"), words.chart);
    this.leftOut = new Set();
    this.latest = 0;
    this.drawn = null;
  }

  begin() {
    this.wireTools();
    this.bar = periodBar(this.root, siteToday(zone, Number(document.body.dataset.now)), (choice) => {
      this.chosen = choice;
      this.load();
    });
    setInterval(() => document.hidden || this.load(), EACH_MS);
    return this;
  }

  async load() {
    if (!this.chosen) return;
    const mine = ++this.latest;
    let answer;
    try {
      answer = await this.ask({ ...this.chosen });
    } catch {
      return failed(this.root);
    }
    if (mine === this.latest) this.show(answer);
  }

  // drawn: as of Bars.draw, with `bins` of the answer, a `key` in each series, `costs` (texts) or null, `title`;
  // table(series that are drawn) -> the table; picked(keys): told what is drawn
  draw(drawn, table, picked = null) {
    this.drawn = { drawn, table, picked };
    this.bar.name(drawn.bins);
    const { period } = this.chosen;
    const down = DEEPER[period];
    const open = drawn.open ?? (down && ((at) => this.bar.choose({ period: down, date: drawn.bins[at].start.slice(0, 10) })));
    const series = drawn.series.filter((one) => !this.leftOut.has(one.key));
    this.bars.draw({ ...drawn, series, open });
    this.showLegend(drawn);
    const rows = this.root.querySelector("[data-rows]");
    rows.replaceChildren(table(series));
    if (open) rows.querySelectorAll("tbody th").forEach((cell, at) => this.leadDown(cell, () => open(at)));
    rows.hidden = this.root.querySelector("[data-table]").getAttribute("aria-pressed") !== "true";
    picked?.(series.map((one) => one.key));
  }

  leadDown(cell, open) {
    const button = element("button", { type: "button", class: "deeper" }, cell.textContent);
    button.addEventListener("click", open);
    cell.replaceChildren(button);
  }

  // The legend picks which series are drawn; the last one stays.
  showLegend({ series, before, beforeName }) {
    const list = this.root.querySelector("[data-legend]");
    const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
    const entries = series.map((one) => (series.length > 1 ? this.pick(one) : element("li", {}, swatch(one.colour()), one.name)));
    if (before) entries.push(element("li", {}, swatch(this.bars.drawn.beforeColour()), beforeName));
    list.replaceChildren(...entries);
    if (focused >= 0) list.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
  }

  pick(one) {
    const button = element("button", { type: "button", class: "pick", "aria-pressed": String(!this.leftOut.has(one.key)) }, swatch(one.colour()), one.name);
    button.addEventListener("click", () => {
      const { drawn, table, picked } = this.drawn;
      const left = drawn.series.filter((other) => !this.leftOut.has(other.key));
      if (!this.leftOut.delete(one.key) && left.length > 1) this.leftOut.add(one.key);
      this.draw(drawn, table, picked);
    });
    return element("li", {}, button);
  }

  wireTools() {
    this.wireTable();
    this.wireFull();
    for (const button of this.root.querySelectorAll("[data-save]")) button.addEventListener("click", () => this.save(button));
    document.addEventListener("themechange", () => this.drawn && this.draw(this.drawn.drawn, this.drawn.table, this.drawn.picked));
  }

  wireTable() {
    const button = this.root.querySelector("[data-table]");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      this.root.querySelector("[data-rows]").hidden = !on;
      this.root.querySelector("[data-canvas]").hidden = on;
      this.root.querySelector("[data-legend]").hidden = on;
    });
  }

  // Where the browser has no full screen the panel fills the window.
  wireFull() {
    const button = this.root.querySelector("[data-full]");
    const show = (on) => {
      this.root.classList.toggle("filling", on);
      button.setAttribute("aria-pressed", String(on));
    };
    button.addEventListener("click", async () => {
      const on = !this.root.classList.contains("filling");
      show(on);
      if (on) await this.root.requestFullscreen?.().catch(() => null);
      else if (document.fullscreenElement) await document.exitFullscreen();
    });
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || show(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.root.classList.contains("filling") && show(false));
  }

  async save(button) {
    button.closest("details").open = false;
    if (!this.drawn) return;
    const kind = button.dataset.save;
    if (kind === "csv") return saveCsv(this.rows());
    const name = [this.chosen.period, this.chosen.date].join("-");
    const content = await this.bars.picture(kind, `${this.drawn.drawn.title} · ${this.root.querySelector("[data-when]").textContent}`);
    save(`consumption-${name}.${kind}`, content, kind === "svg" ? "image/svg+xml" : "image/png");
  }

  // What is drawn, in full: a line a bin, then the total.
  rows() {
    const { drawn } = this.drawn;
    const series = drawn.series.filter((one) => !this.leftOut.has(one.key));
    const unit = drawn.unit === "dm3" ? "dm³" : drawn.unit;
    const columns = [...series.map((one) => [one.name, one.values]), ...(drawn.total ? [[drawn.total.name, drawn.total.values]] : []),
      ...(drawn.before ? [[drawn.beforeName, drawn.before]] : [])];
    const head = [shellWords.from, shellWords.until, ...columns.map(([name]) => `${name} (${unit})`),
      ...(drawn.costs ? [`${words.cost} (${drawn.currency})`] : []), words.quality];
    return [head, ...drawn.bins.map((bin, at) => [bin.start, bin.end, ...columns.map(([, values]) => values[at] ?? null),
      ...(drawn.costs ? [drawn.costs[at]] : []), bin.quality ?? ""])];
  }
}

// A page shows what the address asks for and cannot be: said above the chart.
export function say(root, text) {
  const notice = root.querySelector("[data-no-date]");
  notice.hidden = false;
  setText(notice, text);
}
