// The panel of curves: which stretch of time, closer and wider, live; its figures, full screen, what can be saved.
import { palette } from "./chart.js";
import { asked } from "./consumption.js";
import { Curves, indexAt, momentOf } from "./curve.js";
import { saveCsv } from "./download.js";
import { words as inWords } from "./figure.js";
import { element, press, setText, swatch, words as pageWords } from "./page.js";

const SPANS_S = { hour: 3600, day: 86_400, week: 604_800, month: 2_678_400, year: 31_622_400, decade: 316_224_000 };
const LEAST_S = 600;
const MOST_S = SPANS_S.decade;
const FIRST_TS = 315_532_800; // 1980
const EACH_MS = { live: 2000, other: 60_000 };
const ROWS = 200;
const words = pageWords.curves;

export const nameOf = (quantity) => pageWords.quantityNames[quantity] ?? quantity;

export class CurvePanel {
  // series() -> ["8:active_power_w", …]; keeps(): the address bar says what is shown
  constructor(root, series, keeps = false) {
    this.root = root;
    this.series = series;
    this.keeps = keeps;
    this.latest = 0;
    this.warning = ""; // of what the address asks for and cannot be
    this.extra = new Map();
    this.ahead_ms = Number(document.body.dataset.now) - Date.now();
    this.chart = new Curves(root.querySelector("[data-curve-canvas]"), words.chart, (from, to) => this.look(from, to));
    this.spans = [...root.querySelectorAll("[data-span]")];
    this.restore();
    this.wire();
    this.load();
    setInterval(() => document.hidden || (this.isNow && this.load()), EACH_MS.other);
    setInterval(() => document.hidden || (this.isLive && this.follow()), EACH_MS.live);
  }

  get now() { return Math.floor((Date.now() + this.ahead_ms) / 1000); }
  get isNow() { return this.end === null; }
  get isLive() { return this.isNow && this.span <= SPANS_S.hour; }
  get to() { return this.end ?? this.now + 1; }
  get from() { return Math.max(FIRST_TS, this.to - this.span); }

  restore() {
    const asked = new URL(location.href).searchParams;
    const [from, to] = ["from", "to"].map((name) => Number(asked.get(name) ?? NaN));
    this.span = SPANS_S[asked.get("span")] ?? SPANS_S.day;
    this.end = null;
    if (!this.keeps || !(asked.has("from") || asked.has("to"))) return;
    this.warning = !(to - from >= 1) || from < FIRST_TS ? words.noTime : from > this.now ? words.ahead : "";
    if (this.warning === words.noTime) return;
    this.span = Math.min(MOST_S, Math.max(LEAST_S, to - from));
    this.end = to > this.now && from < this.now ? null : to;
  }

  wire() {
    for (const button of this.spans) button.addEventListener("click", () => { this.warning = ""; this.end = null; this.span = SPANS_S[button.dataset.span]; this.load(); });
    for (const button of this.root.querySelectorAll("[data-move]")) button.addEventListener("click", () => this.step(Number(button.dataset.move)));
    this.root.querySelector("[data-out]").addEventListener("click", () => { const middle = (this.from + this.to) / 2; this.look(middle - this.span, middle + this.span); });
    this.root.querySelector("[data-in]").addEventListener("click", () => { const middle = (this.from + this.to) / 2; this.look(middle - this.span / 4, middle + this.span / 4); });
    const table = this.root.querySelector("[data-curve-table]");
    table.addEventListener("click", () => {
      const on = table.getAttribute("aria-pressed") !== "true";
      table.setAttribute("aria-pressed", String(on));
      this.root.querySelector("[data-curve-rows]").hidden = !on;
      this.root.querySelector("[data-curve-canvas]").hidden = on;
    });
    this.root.querySelector("[data-csv]").addEventListener("click", () => this.answer && saveCsv(this.rows()));
    if (this.keeps) addEventListener("popstate", () => { this.restore(); this.load(); });
  }

  step(by) {
    this.warning = "";
    this.end = by > 0 && this.to + this.span > this.now ? null : this.to + by * this.span;
    this.load();
  }

  look(from, to) {
    const middle = (from + to) / 2;
    this.warning = "";
    this.span = Math.round(Math.min(MOST_S, Math.max(LEAST_S, to - from)));
    const end = Math.round(middle + this.span / 2);
    this.end = end >= this.now ? null : end;
    this.load();
  }

  keep() {
    if (!this.keeps) return;
    const here = new URL(location.href);
    const name = Object.keys(SPANS_S).find((each) => SPANS_S[each] === this.span);
    for (const key of ["from", "to", "span"]) here.searchParams.delete(key);
    if (this.isNow && name) here.searchParams.set("span", name);
    else { here.searchParams.set("from", Math.round(this.from)); here.searchParams.set("to", Math.round(this.to)); }
    here.searchParams.set("series", this.series().join(","));
    here.search = here.search.replaceAll("%3A", ":").replaceAll("%2C", ",");
    if (here.href !== location.href) history.pushState(null, "", here);
  }

  say(text) {
    const note = this.root.querySelector("[data-say]");
    note.hidden = !text;
    setText(note, text);
  }

  async load() {
    const mine = ++this.latest;
    const series = this.series();
    this.keep();
    press(this.spans, this.isNow ? this.spans.find((button) => SPANS_S[button.dataset.span] === this.span) : null);
    this.root.querySelector("[data-move='1']").disabled = this.isNow;
    setText(this.root.querySelector("[data-curve-when]"), `${momentOf(this.from)} – ${this.isNow ? words.now : momentOf(this.to)}`);
    if (!series.length) return this.show({ series: [], events: [] });
    try {
      const answer = await asked("/api/v1/curves", { series: series.join(","), from: Math.round(this.from), to: Math.round(this.to) });
      if (mine === this.latest) this.show(answer);
    } catch (error) {
      this.say(error.message === "404" ? words.gone : words.failed);
    }
  }

  show(answer) {
    this.answer = answer;
    const series = answer.series.map((one) => this.joined(one));
    this.drawn = {
      from: this.from, to: this.to, series,
      events: answer.events.map((event) => ({ ts: Date.parse(event.ts) / 1000, text: pageWords.events[event.code] ?? event.code })),
    };
    this.chart.draw(this.drawn);
    const legend = series.map((one, place) => element("li", {}, swatch(palette(place)), one.name));
    this.root.querySelector("[data-curve-legend]").replaceChildren(...legend);
    this.root.querySelector("[data-curve-rows]").replaceChildren(this.table());
    this.showNotes(answer, series);
  }

  // A series of the answer under its name, with what was heard since.
  joined(one) {
    const key = `${one.device}:${one.quantity}`;
    const own = this.isLive ? (this.extra.get(key) ?? []).filter(([ts]) => ts > this.from && ts >= (one.start[one.start.length - 1] ?? 0) + one.step_s) : [];
    const values = own.map(([, value]) => value);
    const device = one.name || `${words.device} ${one.device}`;
    return {
      ...one, name: `${one.deleted ? `${device} ${words.deleted}` : device} · ${nameOf(one.quantity)}`, start: [...one.start, ...own.map(([ts]) => ts)],
      mean: [...one.mean, ...values], min: [...one.min, ...values], max: [...one.max, ...values],
      gaps: one.gaps.map((gap) => gap.map((text) => Date.parse(text) / 1000)),
    };
  }

  showNotes(answer, series) {
    const empty = series.filter((one) => one.mean.every((value) => value === null)).map((one) => one.name);
    const byEnergy = answer.series.filter((one) => one.by_energy_until).map((one) => one.name);
    const notes = [this.warning, ...empty.map((name) => words.nothing.replace("%s", name)), ...byEnergy.map((name) => words.byEnergy.replace("%s", name))];
    this.say(notes.filter(Boolean).join(" "));
  }

  async follow() {
    const devices = [...new Set(this.series().map((each) => each.split(":")[0]))];
    const answers = await Promise.all(devices.map((id) => asked(`/api/v1/devices/${id}/live`, {}).catch(() => null)));
    for (const key of this.series()) {
      const [id, quantity] = key.split(":");
      const reading = answers[devices.indexOf(id)]?.readings[quantity];
      if (!reading || reading.value === null || reading.ts === null) continue;
      const heard = this.extra.get(key) ?? [];
      const ts = Date.parse(reading.ts) / 1000;
      if (heard[heard.length - 1]?.[0] !== ts) heard.push([ts, reading.value]);
      this.extra.set(key, heard.slice(-2000));
    }
    if (this.answer && this.isLive) this.show(this.answer);
  }

  table() {
    const { series } = this.drawn;
    const times = [...new Set(series.flatMap((one) => one.start.filter((_, at) => one.mean[at] !== null)))].sort((a, b) => a - b);
    const shown = times.slice(-ROWS);
    return element("table", {},
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, words.when), ...series.map((one) => element("th", { scope: "col", class: "number" }, one.name)))),
      element("tbody", {}, ...shown.map((ts) => element("tr", {}, element("th", { scope: "row" }, momentOf(ts)), ...series.map((one) => {
        const at = indexAt(one, ts);
        if (at < 0) return element("td", { class: "number" }, "–");
        const band = one.max[at] === one.min[at] ? "" : ` (${inWords(one.min[at], one.unit)} … ${inWords(one.max[at], one.unit)})`;
        return element("td", { class: "number" }, inWords(one.mean[at], one.unit), element("span", { class: "soft" }, band));
      })))));
  }

  rows() {
    const { series } = this.drawn;
    const times = [...new Set(series.flatMap((one) => one.start))].sort((a, b) => a - b);
    const cells = (one, ts) => { const at = one.start.indexOf(ts); return at < 0 ? ["", "", ""] : [one.mean[at], one.min[at], one.max[at]]; };
    const head = [words.when, ...series.flatMap((one) => [words.mean, words.least, words.most].map((what) => `${one.name}, ${what} (${one.unit})`))];
    return [head, ...times.map((ts) => [new Date(ts * 1000).toISOString(), ...series.flatMap((one) => cells(one, ts))])];
  }
}
