// One device: tabs, live values with their age, the cause when something is wrong, and its consumption.
import { CurvePanel } from "../lib/curvepanel.js";
import { showConsumption } from "../lib/onething.js";
import { figure, index, isCounter } from "../lib/figure.js";
import { follow, isStale } from "../lib/live.js";
import { element, language, setIcon, setText, words, zone } from "../lib/page.js";
import { showTold, wireTelling } from "../lib/command.js";

const device = document.getElementById("device");
const cells = [...document.querySelectorAll("[data-quantity]")];
const clock = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const full = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

function shownFigure(reading) {
  if (reading.value === null) return { text: "–", unit: "" };
  if (typeof reading.value === "string") return { text: reading.value, unit: "" };
  return isCounter(reading.unit) ? index(reading.value, reading.unit) : figure(reading.value, reading.unit);
}

function showCell(cell, reading, answer) {
  const quantity = cell.dataset.quantity;
  const shown = shownFigure(reading);
  const names = words.stateNames?.[quantity];
  setText(cell.querySelector("b"), names?.[reading.value] ?? shown.text);
  setText(cell.querySelector(":scope > i, .now > i"), shown.unit);
  cell.classList.toggle("stale", reading.value !== null && isStale(reading, answer.now, answer.stale_after_s));
  if (reading.ts !== null) cell.title = full.format(new Date(reading.ts));
  const doubt = reading.quality !== "good" && reading.value !== null ? words.consumption.qualities[reading.quality] : "";
  let mark = cell.querySelector("em");
  if (!doubt) mark?.remove();
  else if (mark) setText(mark, doubt);
  else cell.append(element("em", {}, doubt));
}

function showAge(answer) {
  const times = Object.values(answer.readings).map((reading) => reading.ts).filter(Boolean);
  const newest = times.reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b), times[0]);
  if (!newest) return setText(document.getElementById("age"), words.readings.never);
  const old = Date.parse(answer.now) - Date.parse(newest) > answer.stale_after_s * 1000;
  const at = Date.parse(answer.now) - Date.parse(newest) > 43_200_000 ? full : clock;
  setText(document.getElementById("age"), (old ? words.readings.old : words.readings.at).replace("%s", at.format(new Date(newest))));
}

function showTrouble(error) {
  const notice = document.getElementById("trouble");
  notice.hidden = error === null;
  if (error === null) return;
  const [what, todo] = words.troubles[error.code] ?? words.troubles[""];
  setText(notice.querySelector("[data-what]"), what);
  setText(notice.querySelector("[data-todo]"), todo);
  setText(notice.querySelector("[data-code]"), error.code);
  setText(notice.querySelector("[data-message]"), error.message);
}

function showState(state) {
  const pill = document.querySelector("[data-status]");
  if (pill.dataset.status === state) return;
  pill.dataset.status = state;
  pill.className = `status ${state}`;
  setIcon(pill, `state-${state}`);
  setText(pill.querySelector("span"), words.states[state]);
}

function take(answer) {
  if (!cells.length && Object.keys(answer.readings).length) return location.reload();
  for (const cell of cells) {
    const reading = answer.readings[cell.dataset.quantity];
    if (reading) showCell(cell, reading, answer);
  }
  for (const [quantity, reading] of Object.entries(answer.readings)) showTold(quantity, reading);
  document.getElementById("stale").hidden = !cells.some((cell) => cell.classList.contains("stale"));
  showState(answer.state);
  showTrouble(answer.error);
  showAge(answer);
}

const tabs = [...document.querySelectorAll("[role=tab]")];

function open(tab) {
  for (const other of tabs) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
  }
}
tabs.forEach((tab, at) => {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(at + step + tabs.length) % tabs.length];
    open(next);
    next.focus();
  });
});

wireTelling();
follow(() => `/api/v1/devices/${device.dataset.device}/live`, take, 1000); // whoever looks has it read each second
const history = document.querySelector("[data-consumption]");
if (history) showConsumption(history, { of: device.dataset.of, fluid: device.dataset.fluid });

// The curves of one row of values: of a voltage those of all phases.
const curved = document.getElementById("curved");
if (curved) {
  const series = () => curved.value.split(",").slice(0, 8).map((quantity) => `${device.dataset.device}:${quantity}`);
  const lead = () => { document.getElementById("compose").href = `/curves?series=${series().join(",")}`; };
  const panel = new CurvePanel(document.querySelector("[data-curve]"), series);
  curved.addEventListener("change", () => { lead(); panel.load(); });
  lead();
}
