// My panel board: live states and powers, today's energy, filter, cards or list.
import { figure, index, isCounter, words as inWords } from "../lib/figure.js";
import { follow, isStale } from "../lib/live.js";
import { element, press, remember, remembered, setIcon, setText, words } from "../lib/page.js";

const cards = new Map([...document.querySelectorAll("[data-device]")].map((card) => [Number(card.dataset.device), card]));
const find = document.getElementById("find");
const filters = [...document.querySelectorAll("[data-filter]")];
const layouts = [...document.querySelectorAll("#layout button")];
const BREAKER = ["open", "closed", "tripped"];
let filter = "";

function shows(card) {
  const state = card.dataset.state;
  const fits = filter === "" || state === filter || (filter === "error" && state.endsWith("_error"));
  return fits && card.textContent.toLowerCase().includes(find.value.trim().toLowerCase());
}

function sift() {
  let shown = 0;
  for (const card of cards.values()) {
    card.hidden = !shows(card);
    shown += card.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll(".gateway-group")) group.hidden = !group.querySelector(".card:not([hidden])");
  document.getElementById("nothing").hidden = shown > 0;
}

function count() {
  const states = [...cards.values()].map((card) => card.dataset.state);
  for (const place of document.querySelectorAll("[data-count]")) {
    const wanted = place.dataset.count;
    const fits = states.filter((state) => wanted === "" || state === wanted || (wanted === "error" && state.endsWith("_error")));
    setText(place, String(fits.length));
  }
}

function showState(card, state) {
  if (card.dataset.state === state) return;
  card.dataset.state = state;
  const holder = card.querySelector(".state");
  setIcon(holder, `state-${state}`);
  holder.title = words.states[state];
  setText(holder.querySelector(".only-heard"), words.states[state]);
}

function showMain(card, readings, answer, device) {
  const main = readings.active_power_w ?? readings.water_dm3 ?? readings.gas_dm3 ?? readings.active_energy_import_wh;
  const power = card.querySelector(".power");
  const state = main ? null : Object.keys(words.mainStates).find((id) => readings[id]);
  if (state) {
    if (power.children.length !== 1) power.replaceChildren(element("b"));
    setText(power.querySelector("b"), words.mainStates[state][readings[state].value] ?? "–");
    card.classList.toggle("stale", isStale(readings[state], answer.now, device.stale_after_s));
    return;
  }
  if (!main || main.value === null) {
    power.replaceChildren(element("b", {}, "–"));
    return;
  }
  const shown = isCounter(main.unit) ? index(main.value, main.unit) : figure(main.value, main.unit);
  if (power.children.length !== 2) power.replaceChildren(element("b"), " ", element("i"));
  setText(power.querySelector("b"), shown.text);
  setText(power.querySelector("i"), shown.unit);
  card.classList.toggle("stale", isStale(main, answer.now, device.stale_after_s));
}

function showBreaker(card, reading) {
  const holder = card.querySelector("[data-breaker]");
  if (!holder || !reading || reading.value === null || !(reading.value in BREAKER)) return;
  setIcon(holder, `breaker-${BREAKER[reading.value]}`);
  holder.className = BREAKER[reading.value];
  holder.title = words.breaker[reading.value];
}

// Available, charging, or waiting; and whether the station reports errors.
function showCharge(card, readings) {
  const fails = card.querySelector("[data-fails]");
  if (fails) fails.hidden = !(readings.station_errors?.value || readings.charge_errors?.value);
  const holder = card.querySelector("[data-charge]");
  const n = readings.charge_state?.value;
  if (!holder || n === undefined || n === null) return;
  holder.className = `charge ${n === 0 ? "available" : n === 2 ? "charging" : "waiting"}`;
  holder.title = words.mainStates.charge_state[n] ?? "";
}

function take(answer) {
  for (const device of answer.devices) {
    const card = cards.get(device.id);
    if (!card) continue;
    showState(card, device.state);
    showMain(card, device.readings, answer, device);
    showBreaker(card, device.readings.breaker_state);
    showCharge(card, device.readings);
  }
  count();
  if (filter) sift();
}

async function today() {
  try {
    const response = await fetch("/api/v1/consumption/devices?period=day").catch(() => null); // live.js tells of no connection
    if (!response?.ok) return;
    for (const row of await response.json()) {
      const place = cards.get(row.device)?.querySelector("[data-today]");
      setText(place, row.total === null ? "–" : inWords(row.total, row.unit));
    }
  } finally {
    setTimeout(today, 60_000);
  }
}

function lay(layout) {
  for (const board of document.querySelectorAll(".board")) board.dataset.layout = layout;
  press(layouts, layouts.find((button) => button.dataset.layout === layout));
}

if (cards.size) {
  find.addEventListener("input", sift);
  for (const button of filters) {
    button.addEventListener("click", () => {
      filter = button.dataset.filter;
      press(filters, button);
      sift();
    });
  }
  document.getElementById("all").addEventListener("click", () => {
    find.value = "";
    filters[0].click();
  });
  for (const button of layouts) {
    button.addEventListener("click", () => {
      lay(button.dataset.layout);
      remember("layout", button.dataset.layout);
    });
  }
  lay(remembered("layout") ?? (cards.size > 60 ? "list" : "cards"));
  count();
  follow((v) => `/api/v1/live?quantities=main${v ? `&since=${encodeURIComponent(v)}` : ""}`, take);
  today();
}
