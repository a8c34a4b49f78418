// A meter of one's own: rows are added and removed, checked while one types, tried on a device, saved.
import { call, faultsOf } from "../lib/api.js";
import { inWords } from "../lib/form.js";
import { element, words } from "../lib/page.js";
import { toast, toastOnNextPage } from "../lib/toast.js";

const CHECK_MS = 400;
const say = words.say;
const form = document.getElementById("own-map");
const rows = document.getElementById("rows");
const pattern = document.getElementById("row").content.firstElementChild;
const [checkedPlace, triedPlace] = ["checked", "tried"].map((id) => document.getElementById(id));
const path = form.dataset.map ? `/api/v1/maps/${form.dataset.map}` : "/api/v1/maps";
let timer = null;
let asked = 0;

function addRow(filled = {}) {
  const row = pattern.cloneNode(true);
  for (const input of row.querySelectorAll("[data-key]")) {
    const value = input.dataset.key === "net" ? (filled.net ? "yes" : "") : filled[input.dataset.key];
    if (value !== undefined && value !== null) input.value = value;
  }
  row.querySelector("[data-remove]").addEventListener("click", () => { row.remove(); changed(); });
  rows.append(row);
  return row;
}

const counts = (told) => words.counters.includes(told.quantity);
const signed = (told) => told.type !== "text" && told.type !== "bit";

function rowOf(row) {
  const told = Object.fromEntries([...row.querySelectorAll("[data-key]")].map((input) => [input.dataset.key, input.value.trim()]));
  return { ...told, function: Number(told.function), words: told.type === "text" ? Number(told.words) || null : null, sign: signed(told) ? told.sign : "positive", net: counts(told) && told.net !== "" };
}

const read = () => ({
  title: form.elements.title.value.trim(), source: form.elements.source.value.trim(), word_order: form.elements.word_order.value,
  rows: [...rows.children].map(rowOf),
});

// The other way to write a register, so that nobody takes a decimal number for a hexadecimal one.
function otherWay(text) {
  const hex = /^0x([0-9a-f]{1,4})$/i.exec(text) ?? /^([0-9a-f]{1,4})h$/i.exec(text);
  if (hex) return say.hex.replace("%s", parseInt(hex[1], 16));
  return /^\d{1,5}$/.test(text) ? say.decimal.replace("%s", `0x${Number(text).toString(16).toUpperCase().padStart(4, "0")}`) : "";
}

function changed() {
  for (const row of rows.children) {
    row.querySelector("[data-as]").textContent = otherWay(row.querySelector('[data-key="register"]').value.trim());
    const told = { quantity: row.querySelector('[data-key="quantity"]').value, type: row.querySelector('[data-key="type"]').value };
    row.querySelector("[data-words]").hidden = told.type !== "text";
    row.querySelector("[data-sign]").hidden = !signed(told);
    row.querySelector("[data-net]").hidden = !counts(told);
  }
  document.getElementById("no-rows").hidden = rows.children.length > 0;
  clearTimeout(timer);
  if (rows.children.length) timer = setTimeout(check, CHECK_MS);
}

async function check() {
  const mine = (asked += 1);
  const answer = await call("POST", "/api/v1/maps/check", read());
  if (mine !== asked || !answer.ok) return;
  show(answer.body.faults.filter((fault) => fault.row > 0));
  if (answer.body.ok) checkedPlace.textContent = say.reads.replace("%s", answer.body.reads.length);
}

const saying = (fault) => words.faults[fault.code] ?? `${fault.message}${fault.hint ? ` (${fault.hint})` : ""}`;

function show(faults) {
  for (const place of form.querySelectorAll("[data-fault]")) place.textContent = "";
  for (const input of rows.querySelectorAll("[data-key]")) input.removeAttribute("aria-invalid");
  for (const fault of faults) {
    const row = rows.children[fault.row - 1];
    if (!row) continue;
    const place = row.querySelector("[data-fault]");
    place.textContent = [place.textContent, saying(fault)].filter(Boolean).join(" · ");
    row.querySelector(`[data-key="${fault.field}"]`)?.setAttribute("aria-invalid", "true");
  }
  checkedPlace.textContent = faults.length ? say.faults.replace("%s", faults.length) : "";
}

function showReadings(readings) {
  for (const row of rows.children) {
    const reading = readings[row.querySelector('[data-key="quantity"]').value];
    row.querySelector("[data-told]").textContent = reading ? (reading.value === null ? say.none : `${reading.value} ${reading.unit}`) : "";
  }
}

async function tryIt(button) {
  button.setAttribute("aria-busy", "true");
  const where = { gateway: Number(form.elements["-gateway"].value), unit: Number(form.elements["-unit"].value) };
  const answer = await call("POST", "/api/v1/maps/test", { ...read(), ...where });
  button.removeAttribute("aria-busy");
  showReadings(answer.body?.readings ?? {});
  show(answer.body?.faults ?? []);
  const error = answer.body?.error;
  const trouble = error && (words.troubles[error.code] ?? [error.message, ""]);
  const said = answer.body?.ok ? say.works : trouble ? trouble.join(" ") : answer.body ? (answer.body.faults?.[0] ? saying(answer.body.faults[0]) : "") : say.answer;
  triedPlace.replaceChildren(element("p", { class: answer.body?.ok ? "soft" : "own-fault" }, said));
}

async function save(event) {
  event.preventDefault();
  const answer = await call(form.dataset.map ? "PUT" : "POST", path, read());
  if (answer.ok) {
    toastOnNextPage(say.saved);
    return location.assign("/setup/maps");
  }
  const faults = answer.body?.error?.faults ?? [];
  show(faults.filter((fault) => fault.row > 0));
  const [first] = await inWords(faultsOf({ ...answer, body: { error: { ...answer.body?.error, faults: null } } }));
  toast([first?.message ?? say.answer, first?.hint].filter(Boolean).join(" "), "bad");
}

async function remove() {
  const answer = await call("DELETE", path);
  if (!answer.ok) {
    const [first] = await inWords(faultsOf(answer));
    return toast(first ? `${first.message} ${first.hint}` : say.answer, "bad");
  }
  toastOnNextPage(say.removed);
  location.assign("/setup/maps");
}

for (const row of words.filled.rows) addRow(row);
if (!words.filled.rows.length) addRow({ quantity: "active_energy_import_wh", type: "u32" });
changed();
form.addEventListener("input", changed);
form.addEventListener("submit", save);
document.getElementById("add").addEventListener("click", () => {
  const last = rows.lastElementChild && rowOf(rows.lastElementChild);
  addRow({ quantity: "active_power_w", function: last?.function ?? 3, type: last?.type ?? "u32" }).querySelector("select").focus();
  changed();
});
document.getElementById("try")?.addEventListener("click", (event) => tryIt(event.currentTarget));
document.getElementById("remove")?.addEventListener("click", remove);
