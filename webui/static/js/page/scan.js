// The assistant: starts a scan of a bus, shows who answers as they come, adds them with one click.
import { call, faultsOf } from "../lib/api.js";
import { showFaults } from "../lib/entry.js";
import { inWords } from "../lib/form.js";
import { element, icon, shellWords, words } from "../lib/page.js";
import { toast } from "../lib/toast.js";

const PERIOD_MS = 700;
const say = words.say;
const form = document.getElementById("scan");
const rows = document.getElementById("rows");
const parts = Object.fromEntries(["found", "said", "counted", "progress", "none", "stop", "trouble", "add-all"].map((id) => [id, document.getElementById(id)]));
const shown = new Map(); // unit -> its row
const adders = new Map(); // row -> what adds its device
let timer = null;
let gateway = null;

const path = () => `/api/v1/gateways/${gateway}/scan`;

function identified(found) {
  return found.identification ? [element("p", { class: "small soft" }, say.itself.replace("%s", found.identification))] : [];
}

function modelOf(found) {
  if (!found.models.length) return element("span", { class: "soft" }, say.unknown);
  const mark = (model) => (model.trust === "provisional" ? ` (${say.unconfirmed})` : "");
  if (found.models.length === 1 && found.chosen) return element("span", {}, found.models[0].title + mark(found.models[0]), ...(found.sure ? [] : [" ", element("span", { class: "badge" }, say.likely)]));
  const select = element("select", { "aria-label": say.model.replace("%s", found.unit) }, ...found.models.map((model) => new Option(model.title + mark(model), model.id)));
  if (!found.chosen) select.prepend(new Option(say.which, ""));
  select.value = found.chosen ?? "";
  return element("div", { class: "input" }, select);
}

function known(id, text) {
  return [element("a", { class: "button", href: `/devices/${id}` }, icon("measure"), say.values), element("span", { class: "badge good" }, text)];
}

function rowOf(found) {
  const row = element("tr", { "data-unit": found.unit });
  const name = element("th", { scope: "row" });
  const acts = element("td", { class: "acts" });
  row.append(element("td", { class: "number", "data-name": say.address }, String(found.unit)), element("td", {}, modelOf(found), ...identified(found)), name, acts);
  if (found.device !== null) {
    name.append(element("a", { href: `/setup/devices/${found.device}` }, words.names[found.device] ?? String(found.device)));
    acts.append(...known(found.device, say.known));
    return row;
  }
  if (!found.models.length) {
    acts.append(element("a", { class: "button", href: `/setup/devices/new?gateway=${gateway}&unit=${found.unit}` }, say.pick));
    return row;
  }
  const input = element("input", { type: "text", maxlength: 80, autocomplete: "off", placeholder: String(found.unit), title: say.addressName, "aria-label": say.name.replace("%s", found.unit) });
  const button = element("button", { type: "button", class: "button primary" }, icon("add"), say.add);
  const select = row.querySelector("select");
  const decide = () => { button.disabled = select !== null && !select.value; button.toggleAttribute("data-add", !button.disabled); countOpen(); };
  select?.addEventListener("change", decide);
  decide();
  const run = () => add(found, row, input, button);
  button.addEventListener("click", run);
  adders.set(row, run);
  name.append(element("div", { class: "input" }, input));
  acts.append(button);
  return row;
}

async function add(found, row, input, button) {
  button.setAttribute("aria-busy", "true");
  const model = row.querySelector("select")?.value ?? found.models[0].id;
  const answer = await call("POST", "/api/v1/devices", { gateway: Number(gateway), unit: found.unit, model, name: input.value });
  button.removeAttribute("aria-busy");
  if (!answer.ok) {
    const [fault] = await inWords(faultsOf(answer));
    toast(fault?.message ?? shellWords.unreachable, "bad");
    return false;
  }
  row.querySelector("th").replaceChildren(element("a", { href: `/setup/devices/${answer.body.id}` }, answer.body.name));
  row.querySelector(".acts").replaceChildren(...known(answer.body.id, say.added));
  countOpen();
  return true;
}

function countOpen() {
  const open = rows.querySelectorAll("[data-add]").length;
  parts["add-all"].hidden = open < 2;
  parts["add-all"].querySelector("span").textContent = say.addAll.replace("%s", open);
}

function trouble(error) {
  if (!error) return parts.trouble.replaceChildren();
  const [what, todo] = words.troubles[error.code] ?? words.troubles[""];
  parts.trouble.replaceChildren(element("div", { class: "notice below" }, icon("state-communication_error"), element("div", {}, element("h2", {}, what), element("p", {}, todo), element("p", { class: "small" }, element("code", {}, error.code), " ", error.message))));
}

function show(told) {
  const isRunning = told.state === "running";
  parts.found.hidden = told.state === "none";
  parts.stop.hidden = !isRunning;
  parts.said.textContent = say[told.state] ?? say.done;
  parts.counted.textContent = say.of.replace("%s", told.asked).replace("%t", told.units);
  parts.progress.max = told.units || 1;
  parts.progress.value = isRunning ? told.asked : told.units || 1;
  for (const found of told.found) {
    if (shown.has(found.unit)) continue;
    const row = rowOf(found);
    const next = [...rows.children].find((other) => Number(other.dataset.unit) > found.unit);
    rows.insertBefore(row, next ?? null);
    shown.set(found.unit, row);
  }
  parts.none.hidden = shown.size > 0;
  if (!isRunning && !shown.size) parts.none.textContent = say.nobody;
  trouble(told.error);
  countOpen();
}

async function follow() {
  clearTimeout(timer);
  const answer = await call("GET", path());
  if (answer.ok) show(answer.body);
  if (!answer.ok || answer.body.state === "running") timer = setTimeout(follow, PERIOD_MS);
}

function begin() {
  clearTimeout(timer);
  gateway = form.elements.gateway.value;
  rows.replaceChildren();
  shown.clear();
  adders.clear();
}

const range = () => form.querySelector('[name="-range"]:checked').value || form.elements["-units"].value.trim();

if (form) {
  form.addEventListener("input", () => { form.querySelector("[data-own]").hidden = form.querySelector('[name="-range"]:checked').value !== ""; });
  form.elements.gateway.addEventListener("change", () => { begin(); parts.found.hidden = true; follow(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    begin();
    const answer = await call("POST", path(), { units: range() });
    if (!answer.ok) return showFaults(form, await inWords(faultsOf(answer)));
    show(answer.body);
    follow();
  });
  parts.stop.addEventListener("click", async () => { await call("DELETE", path()); follow(); });
  parts["add-all"].addEventListener("click", async () => {
    for (const row of [...rows.children].filter((each) => each.querySelector("[data-add]"))) {
      if (!(await adders.get(row)())) return;
    }
  });
  begin();
  follow();
}
