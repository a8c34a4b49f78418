// Rules that act: one dialogue adds and edits, with the entries that its source and its action need; a rehearsal lists
// when a rule would have acted.
import { call } from "../lib/api.js";
import { openDialog } from "../lib/dialog.js";
import { clearFaults } from "../lib/entry.js";
import { element, language, shellWords, words, zone } from "../lib/page.js";

const quantities = JSON.parse(document.getElementById("quantities").textContent);
const dialog = document.getElementById("edit");
const form = dialog.querySelector("form");
const collection = form.dataset.api;
const named = (name) => form.querySelector(`[name="${name}"]`);
const [source, device, quantity, sign, action, target, command, outlet] = ["source", "device", "quantity", "sign", "action", "target", "command", "outlet"].map(named);
const [number, state] = [form.querySelector('[data-value="number"] [name="value"]'), form.querySelector('[data-value="state"] [name="value"]')];

function offer(control, options, chosen = control.value) {
  control.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  if (options.some(([value]) => String(value) === String(chosen))) control.value = String(chosen);
}

// What the source and the action ask for; everything else is hidden and left out.
function show() {
  const [, unit, states] = quantities[quantity.value] ?? ["", "", {}];
  const isState = Object.keys(states).length > 0;
  for (const part of form.querySelectorAll("[data-source]")) {
    part.hidden = !part.dataset.source.split(" ").includes(source.value);
    if (part.dataset.value) part.hidden ||= (part.dataset.value === "state") !== isState;
  }
  for (const part of form.querySelectorAll("[data-action]")) part.hidden = !part.dataset.action.split(" ").includes(action.value);
  form.querySelector("[data-addressed]").hidden = !words.addressed.includes(Number(outlet.value));
  number.parentElement.querySelector(".unit").textContent = unit;
  const simple = source.value !== "device" || isState;
  for (const option of sign.options) option.hidden = option.disabled = simple && !["=", "<>"].includes(option.value);
  if (sign.selectedOptions[0]?.disabled) sign.value = "=";
}

function fill(values) {
  offer(quantity, (words.compared[device.value] ?? []).map((id) => [id, quantities[id][0]]), values.quantity);
  offer(state, Object.entries(quantities[quantity.value]?.[2] ?? {}), values.value);
  offer(target, words.devices.filter(([id]) => words.outputs[id]?.length), values.target);
  offer(command, words.outputs[target.value] ?? [], values.command);
  show();
}

function set(values) {
  for (const [name, value] of Object.entries(values)) {
    if (["quantity", "value", "target", "command"].includes(name) || !named(name)) continue;
    const control = named(name);
    if (control.type === "checkbox") control.checked = value;
    else control.value = String(value);
  }
  number.value = String(values.value);
  fill(values);
}

for (const button of document.querySelectorAll("[data-edit]")) {
  button.addEventListener("click", () => {
    const id = button.dataset.edit;
    form.reset();
    form.dataset.api = id ? `${collection}/${id}` : collection;
    form.dataset.method = id ? "PATCH" : "POST";
    form.dataset.etag = button.dataset.etag ?? "";
    if (id) set(JSON.parse(button.dataset.values));
    else fill({});
    clearFaults(form);
    form.rebase();
    openDialog(dialog);
  });
}
for (const control of [source, device, quantity, action, target, outlet]) {
  control.addEventListener("change", () => {
    fill({ quantity: quantity.value, value: state.value, target: target.value, command: command.value });
    form.widen();
  });
}

const moment = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const rehearsal = document.getElementById("rehearsal");

for (const button of document.querySelectorAll("[data-rehearse]")) {
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    const answer = await call("GET", button.dataset.rehearse);
    button.removeAttribute("aria-busy");
    const { times = 0, spells = [] } = answer.ok ? answer.body : {};
    const summary = times === 0 ? words.never : times === 1 ? words.once : words.times.replace("{count}", times);
    rehearsal.querySelector("[data-summary]").textContent = answer.ok ? summary : shellWords.failed;
    const line = ({ from, to }) => element("li", {}, `${moment.format(new Date(from))} – ${moment.format(new Date(to))}`);
    rehearsal.querySelector("[data-spells]").replaceChildren(...spells.map(line));
    openDialog(rehearsal);
  });
}
