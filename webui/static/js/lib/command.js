// Tells devices things: asks before, sends each command once, and says what the device shows afterwards.
import { call } from "./api.js";
import { confirmed } from "./dialog.js";
import { element, setText, words } from "./page.js";
import { toast } from "./toast.js";

const said = words.telling;
let advices = null;

async function adviceFor(code) {
  if (!code) return "";
  advices ??= fetch("/words/refusals").then((response) => (response.ok ? response.json() : {})).catch(() => ({}));
  return (await advices)[code]?.join(" ") ?? "";
}

function show(place, kind, text, todo = "") {
  place.hidden = false;
  place.className = `told ${kind}`;
  place.replaceChildren(text, ...(todo ? [element("small", {}, todo)] : []));
}

function shownValue(command, value) {
  if (value === null) return said.outcomes.nothing;
  return words.stateWords?.[value] ?? String(value);
}

// -> whether the device shows what it was told. One key for one wish: a request that is sent again does not switch twice.
async function tell(holder, place, command, value) {
  const path = `/api/v1/devices/${holder.dataset.device}/commands`;
  show(place, "busy", said.busy);
  holder.setAttribute("aria-busy", "true");
  const answer = await call("POST", path, { command, value }, { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` });
  holder.removeAttribute("aria-busy");
  if (!answer.status) { show(place, "bad", said.unreachable); return false; }
  if (!answer.ok) {
    const error = answer.body?.error;
    show(place, "bad", said.outcomes.refused, (await adviceFor(error?.code)) || error?.message || "");
    return false;
  }
  const outcome = answer.body;
  const text = said.outcomes[outcome.state].replace("%s", shownValue(command, outcome.read));
  show(place, outcome.ok ? "good" : "bad", text, outcome.ok ? "" : (await adviceFor(outcome.code)) || outcome.message);
  if (!outcome.ok) toast(text, "bad");
  return outcome.ok;
}

async function sure(name, value) {
  const title = said.ask.replace("%s", name).replace("%s", value);
  return confirmed({ title, text: said.askText, yes: said.yes, look: "warn" });
}

function wireKnob(knob) {
  const place = knob.querySelector("[data-told]");
  const name = knob.dataset.name;
  for (const button of knob.querySelectorAll("[data-value]")) {
    button.addEventListener("click", async () => {
      if (await sure(name, button.textContent)) tell(knob, place, knob.dataset.command, button.dataset.value);
    });
  }
  knob.querySelector("[data-dial]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const value = event.target.elements.value.valueAsNumber;
    if (Number.isFinite(value) && (await sure(name, String(value)))) tell(knob, place, knob.dataset.command, value);
  });
}

function wireOutput(form) {
  const place = form.querySelector("[data-told]");
  const fields = [...form.querySelectorAll("[data-command]")];
  const valueOf = (field) => (field.dataset.number === undefined ? field.value : field.valueAsNumber);
  for (const field of fields) field.dataset.was = String(valueOf(field));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const changed = fields.filter((field) => String(valueOf(field)) !== field.dataset.was);
    if (!changed.length) return show(place, "good", said.same);
    if (!(await sure(form.querySelector("h3").textContent, form.querySelector("button").textContent))) return;
    for (const field of changed) {
      if (!(await tell(field, place, field.dataset.command, valueOf(field)))) return;
      field.dataset.was = String(valueOf(field));
    }
  });
}

async function changeLock(button, method, value) {
  button.setAttribute("aria-busy", "true");
  const answer = await call(method, `/api/v1/devices/${button.dataset.device}/trial`, value);
  button.removeAttribute("aria-busy");
  if (answer.ok) location.reload();
  else toast((await adviceFor(answer.body?.error?.code)) || answer.body?.error?.message || said.unreachable, "bad");
}

export function wireTelling(root = document) {
  if (!said) return;
  for (const knob of root.querySelectorAll("[data-knob]")) wireKnob(knob);
  for (const form of root.querySelectorAll("[data-output]")) wireOutput(form);
  for (const button of root.querySelectorAll("[data-unlock]")) {
    button.addEventListener("click", async () => {
      const yes = await confirmed({ title: said.unlockAsk, text: said.unlockText, yes: said.unlock });
      if (yes) changeLock(button, "POST", { minutes: Number(button.dataset.unlock) });
    });
  }
  for (const button of root.querySelectorAll("[data-relock]")) button.addEventListener("click", () => changeLock(button, "DELETE"));
}

// The state that the device shows is the pressed one; the errors of a station are a list.
export function showTold(quantity, reading) {
  for (const cell of document.querySelectorAll(`[data-quantity="${quantity}"]`)) {
    const names = words.states_of?.[quantity];
    for (const button of cell.querySelectorAll("[data-value]")) {
      button.setAttribute("aria-pressed", String(names !== undefined && names[reading.value] === button.dataset.value));
    }
  }
  const list = document.querySelector(`[data-errors="${quantity}"]`);
  if (!list || list.dataset.bits === String(reading.value)) return;
  list.dataset.bits = String(reading.value);
  const lines = [];
  for (let bit = 0; reading.value && bit < 31; bit += 1) {
    if ((reading.value >> bit) & 1) lines.push(element("li", {}, said.errors[bit] ?? `E:${String(bit).padStart(4, "0")}`));
  }
  list.replaceChildren(...(lines.length ? lines : [element("li", { class: "none" }, said.noErrors)]));
}
