// Is the energy of one device right? Everything is asked of the API for the chosen counter, period and other meters.
import { Bars, colour } from "../lib/chart.js";
import { asked, showLegend } from "../lib/consumption.js";
import { confirmed } from "../lib/dialog.js";
import { decimal } from "../lib/figure.js";
import { act } from "../lib/form.js";
import { energy, factorText, fill, indexText, lookOf, moment, pairs, remark, resultLook, resultOf, table } from "../lib/energycheck.js";
import { element, setText, words, zone } from "../lib/page.js";
import { binName, binWords, named, periodBar, siteToday } from "../lib/period.js";

const says = words.says;
const NEWEST = 3; // checks that are shown at once
const root = document.getElementById("energy-check");
const at = (name) => root.querySelector(`[data-${name}]`);
const counter = document.getElementById("counter");
const others = document.getElementById("with");
const path = `/api/v1/devices/${root.dataset.device}/energy-check`;
const charts = { power: new Bars(at("power-canvas"), says.chart), compared: null };
const address = new URL(location.href);
let chosen = null;
let latest = 0;

for (const [select, name] of [[counter, "quantity"], [others, "with"]]) {
  const wanted = [...(select?.options ?? [])].findIndex((option) => option.value === address.searchParams.get(name));
  if (wanted >= 0) select.selectedIndex = wanted;
  select?.addEventListener("change", () => { remember(name, select.value); load(); });
}

function remember(name, value) {
  const here = new URL(location.href);
  if (value) here.searchParams.set(name, value);
  else here.searchParams.delete(name);
  history.replaceState(null, "", here);
}

async function load() {
  const mine = ++latest;
  const parameters = { ...chosen, quantity: counter?.value ?? root.dataset.main, ...(others.value ? { with: others.value } : {}) };
  try {
    const answer = await asked(path, parameters);
    if (mine === latest) show(answer);
  } catch {
    at("remarks").replaceChildren(remark("warn", says.failed));
  }
}

function show(answer) {
  at("remarks").replaceChildren(...answer.remarks.map((id) => remark(lookOf(id), ...words.remarks[id])));
  setText(at("of"), named(answer.period, answer.date));
  showPhantoms(answer);
  showCounters(answer);
  showChecks(answer);
  showEnergy(answer);
  showPower(answer);
  showCompared(answer);
  showJumps(answer);
}

function showPhantoms({ phantoms, unit, quantity }) {
  root.querySelector("[data-impossible]").hidden = !phantoms.length;
  const acts = "acts" in root.dataset;
  const head = [[says.since], [says.to], [says.why], [says.booked, "number"], [says.mayStay, "number"], ...(acts ? [["", "acts"]] : [])];
  at("phantoms").replaceChildren(table(head, phantoms.map((one) => [
    moment(one.start), moment(one.end), element("div", { "data-cause": one.cause }, words.phantoms[one.cause][0], small(words.phantoms[one.cause][1])),
    element("span", { class: "doubted" }, energy(one.booked, unit)),
    [energy(one.right, unit), small(fill(says.mostThen, { energy: energy(one.most, unit) }))],
    ...(acts ? [backButton(one, quantity, unit)] : []),
  ])));
}

function backButton(one, quantity, unit) {
  const button = element("button", { class: "button", type: "button" }, says.takeBack);
  button.addEventListener("click", async () => {
    const text = fill(says.takeBackText, { energy: energy(one.right - one.booked, unit), start: moment(one.start), end: moment(one.end) });
    if (!(await confirmed({ title: says.takeBackAsk, text: [text], yes: says.takeBack }))) return;
    button.disabled = true;
    await act("POST", `/api/v1/devices/${root.dataset.device}/phantoms`, { quantity, start: one.start }, { done: says.takenBack, stay: true });
    load();
  });
  return button;
}

const small = (text) => element("small", { class: "below-figure" }, text);

function showCounters(answer) {
  at("counters").replaceChildren(...answer.counters.map((one) => {
    const cell = (name, value, below) => element("td", { class: "number", "data-name": name }, value, ...(below ? [small(below)] : []));
    const show = (value) => (value === null ? "–" : indexText(value, one.unit));
    return element("tr", {},
      element("th", { scope: "row" }, words.names[one.quantity]),
      cell(says.index, show(one.index), one.read ? fill(says.readAt, { time: moment(one.read) }) : says.neverRead),
      cell(says.begun, show(one.begun)),
      cell(says.shifted, one.shifted ? show(one.shifted) : "–"),
      cell(says.booked, show(one.booked), one.booked_until ? fill(says.until, { time: moment(one.booked_until) }) : ""),
      cell(says.pending, show(one.pending)),
    );
  }));
}

function showChecks(answer) {
  const again = root.querySelector("[data-again]");
  if (again) again.hidden = !answer.checks.length;
  if (!answer.checks.length) return at("checks").replaceChildren(element("p", { class: "soft" }, says.noChecks));
  const head = [[says.when], [says.counter], [says.shown, "number"], [says.ours, "number"], [says.follows], [says.by, "who"]];
  const list = (checks) => table(head, checks.map((check) => [
    moment(check.checked), words.names[check.quantity], indexText(check.shown, check.unit), indexText(check.index, check.unit), verdict(check), check.by,
  ]));
  const older = answer.checks.slice(NEWEST);
  at("checks").replaceChildren(list(answer.checks.slice(0, NEWEST)), ...(older.length
    ? [element("details", { class: "more" }, element("summary", {}, fill(says.older, { count: older.length })), list(older))] : []));
}

function verdict(check) {
  const [what, todo] = resultOf(check);
  return element("div", { class: `result ${resultLook(check) === "bad" ? "doubted" : ""}`, "data-result": check.result }, what, element("small", {}, todo));
}

function showEnergy(answer) {
  const { energy: sum, index_way: way, unit } = answer;
  const pct = sum.estimated_pct === null ? "" : ` (${decimal(sum.estimated_pct, sum.estimated_pct && sum.estimated_pct < 10 ? 1 : 0)} %)`;
  const ways = way ? [
    [says.wayFirst, indexText(way.first_index, unit)], [says.wayLast, indexText(way.last_index, unit)],
    [says.wayMoved, energy(way.last_index - way.first_index, unit)], [says.wayBooked, energy(way.booked, unit)],
    way.shifted ? [says.wayShifted, energy(way.shifted, unit)] : null,
    [says.wayRest, energy(way.rest, unit), way.rest ? "doubted" : null],
  ] : [];
  at("energy").replaceChildren(...pairs([
    [says.total, energy(sum.total, unit)],
    [says.estimated, `${energy(sum.estimated, unit)}${pct}`],
    sum.corrected ? [says.corrected, energy(sum.corrected, unit)] : null,
    ...ways,
  ]));
  setText(at("way-hint"), way ? fill(says.wayHint, { first: moment(way.from), last: moment(way.to) }) : says.noWay);
}

function showPower(answer) {
  const { power, period } = answer;
  const badge = at("power-state");
  badge.className = `status plain ${{ fits: "ok", differs: "communication_error" }[power.state] ?? ""}`;
  setText(badge, words.states[power.state]);
  const compared = power.state !== "too_little";
  const difference = power.by_index - power.by_power;
  const pct = power.by_power ? ` (${decimal((100 * difference) / Math.abs(power.by_power), 1)} %)` : "";
  at("power-sums").replaceChildren(...(compared ? pairs([
    [says.byPower, energy(power.by_power, power.unit)], [says.byIndex, energy(power.by_index, power.unit)],
    [says.difference, energy(difference, power.unit) + pct],
  ]) : []));
  setText(at("power-hint"), compared ? fill(says.powerHint, { time: moment(power.from) }) : says.noPower);
  at("power-canvas").hidden = !compared;
  at("stretches").replaceChildren(...stretches(power));
  showLegend({ querySelector: () => at("power-legend") }, compared ? [[says.byIndex, colour("electricity")], [says.byPower, colour("before")]] : []);
  if (compared) draw(charts.power, power.bins, period, power.unit, [says.byIndex, "by_index"], [says.byPower, "by_power"]);
}

function stretches(power) {
  if (power.state === "fits") return [remark("good", says.agrees)];
  return power.stretches.map((each) => remark("bad",
    fill(words.stretches[each.kind], { factor: factorText(each.factor) }),
    `${fill(says.from, { start: moment(each.start), end: moment(each.end) })} · ${says.byPower}: ${energy(each.by_power, power.unit)} · ${says.byIndex}: ${energy(each.by_index, power.unit)}`,
  ));
}

function draw(chart, bins, period, unit, [name, key], [beforeName, beforeKey]) {
  chart.draw({
    names: bins.map((bin) => binName(period, bin.start)), unit, beforeName,
    series: [{ name, colour: () => colour("electricity"), values: bins.map((bin) => bin[key]) }],
    before: bins.map((bin) => bin[beforeKey]), heading: (bin) => binWords(period, bins[bin]),
  });
}

function showCompared(answer) {
  const { compared, unit, period } = answer;
  const hint = at("compare-hint");
  hint.hidden = compared !== null;
  if (others.value && compared === null) setText(hint, says.nothingToCompare);
  for (const name of ["compared", "compared-canvas", "compared-more"]) at(name).hidden = compared === null;
  if (compared === null) return at("compared-legend").replaceChildren();
  const pct = compared.rest_pct === null ? "" : ` (${decimal(compared.rest_pct, 1)} %)`;
  at("compared").replaceChildren(...pairs([
    [says.main, energy(compared.main, unit)], [says.parts, energy(compared.parts, unit)],
    [compared.rest < 0 ? says.excess : says.rest, energy(Math.abs(compared.rest ?? 0), unit) + pct.replace("-", ""), compared.rest < 0 ? "doubted" : null],
    [says.metersCounted, String(compared.devices.length)],
  ]));
  charts.compared ??= new Bars(at("compared-canvas"), says.chart);
  draw(charts.compared, compared.bins, period, unit, [says.parts, "parts"], [says.main, "main"]);
  showLegend({ querySelector: () => at("compared-legend") }, [[says.parts, colour("electricity")], [says.main, colour("before")]]);
  const both = compared.bins.filter((bin) => bin.main !== null && bin.parts !== null);
  const head = [[says.period], [says.main, "number"], [says.parts, "number"], [says.difference, "number"]];
  at("compared-rows").replaceChildren(table(head, both.map((bin) => [
    binWords(period, bin), energy(bin.main, unit), energy(bin.parts, unit),
    element("span", { class: bin.parts > bin.main * 1.02 ? "doubted" : null }, energy(bin.main - bin.parts, unit)),
  ])));
}

function showJumps(answer) {
  const { jumps, gaps, unit } = answer;
  const head = [[says.when], [says.jump], [says.before, "number"], [says.after, "number"], [says.bookedFor, "number"], [says.by, "who"]];
  at("jumps").replaceChildren(jumps.length ? table(head, jumps.map((jump) => [
    moment(jump.at), words.jumps[jump.code] ?? says.otherJump ?? words.otherJump, indexText(jump.before, unit), indexText(jump.after, unit),
    element("span", { class: jump.doubtful ? "doubted" : null }, jump.booked === null ? says.unknown : energy(jump.booked, unit), ...(jump.doubtful ? [small(says.doubtful)] : [])),
    jump.by ?? "–",
  ])) : element("p", { class: "soft" }, says.noJumps));
  if (!gaps.count) return at("gaps").replaceChildren(element("p", { class: "soft" }, says.noGaps));
  at("gaps").replaceChildren(
    element("p", {}, fill(says.gaps, { count: decimal(gaps.count, 0), hours: decimal(gaps.seconds / 3600, 1) })),
    element("div", { class: "wide" }, table([[says.since], [says.to], [says.gapEnergy, "number"]], gaps.last.map((gap) => [moment(gap.since), moment(gap.until), energy(gap.energy, unit)]))),
  );
}

const form = document.querySelector("#check form");
if (form) {
  const quantity = form.elements.quantity;
  const unit = document.getElementById("check-unit");
  const shownUnit = (name) => name.replace("dm3", "dm³").replace("m3", "m³");
  quantity.addEventListener("change", () => unit.replaceChildren(...words.units[quantity.value].map((name) => element("option", { value: name }, shownUnit(name)))));
  form.addEventListener("saved", (event) => {
    event.preventDefault();
    form.closest("dialog").close();
    form.reset();
    if (counter) counter.value = event.detail.body.quantity;
    load().then(() => { document.getElementById("display").scrollIntoView({ block: "center" }); });
  });
}

at("remarks").replaceChildren(element("li", {}, element("span", {}, says.loading)));
periodBar(root, siteToday(zone, Number(document.body.dataset.now)), (choice) => { chosen = choice; load(); });
setInterval(() => document.hidden || load(), 60_000);
