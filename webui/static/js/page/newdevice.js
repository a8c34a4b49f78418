// The wizard of a new device: family or a few letters of its number, model, only what that model asks for, save, test.
import { call } from "../lib/api.js";
import { catalogue, showAsked } from "../lib/device-model.js";
import { offerRemoteIds } from "../lib/remote-ids.js";
import { element, icon, words } from "../lib/page.js";
import { search } from "../lib/search.js";
import { toast } from "../lib/toast.js";

const ICONS = {
  station: "car", "station-old": "car", wallbox: "car", breaker: "breaker-closed", "air-breaker": "breaker-closed", rcd: "breaker-closed", "ems-measure": "measure",
  "ems-control": "command", pulse: "electricity", concentrator: "group", water: "water", gas: "gas", supervision: "command", other: "settings",
};
const MOST_SHOWN = 60;
const pick = document.getElementById("pick");
const form = document.getElementById("new-device");
const address = new URL(location.href);

const titleOf = (family) => words.families[family.id] ?? family.title;

function step(at) {
  [...document.querySelectorAll("[data-steps] li")].forEach((item, index) => {
    item.classList.toggle("done", index + 1 < at);
    if (index + 1 === at) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
}

function optionOf(picture, title, text, mark, run) {
  const button = element("button", { type: "button", class: "option" }, icon(picture), element("b", {}, title, ...(mark ? [" ", mark] : [])), element("small", {}, text));
  button.addEventListener("click", run);
  return button;
}

function start({ families, kinds }) {
  const find = document.getElementById("find-model");
  const places = { families: document.getElementById("families"), models: document.getElementById("models"), list: document.getElementById("model-list") };
  const none = document.getElementById("no-model");

  const count = (family) => kinds.filter((kind) => kind.family === family.id).length;
  places.families.replaceChildren(...families.map((family) => {
    const text = count(family) === 1 ? words.model : words.models.replace("%s", count(family));
    return optionOf(ICONS[family.id] ?? "measure", titleOf(family), text, null, () => showModels(kinds.filter((kind) => kind.family === family.id), titleOf(family)));
  }));

  function showFamilies() {
    places.families.hidden = false;
    places.models.hidden = true;
    none.hidden = true;
    step(1);
  }

  function showModels(some, title) {
    document.getElementById("family-name").textContent = title;
    places.list.replaceChildren(...some.slice(0, MOST_SHOWN).map((kind) => {
      const mark = kind.trust === "provisional" ? element("span", { class: "badge warn" }, words.unconfirmed) : null;
      return optionOf(ICONS[kind.family] ?? "measure", kind.name, kind.title, mark, () => choose(kind));
    }));
    places.families.hidden = true;
    places.models.hidden = false;
    none.hidden = some.length > 0;
    step(2);
  }

  function sift() {
    if (!find.value.trim()) return showFamilies();
    showModels(search(kinds, find.value), words.found);
  }
  find.addEventListener("input", sift);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") places.list.querySelector("button")?.click();
  });
  document.getElementById("other-family").addEventListener("click", () => { find.value = ""; showFamilies(); });
  document.getElementById("again").addEventListener("click", () => {
    form.hidden = true;
    pick.hidden = false;
    step(find.value ? 2 : 1);
    find.focus();
  });

  function choose(kind) {
    form.elements.model.value = kind.model;
    form.elements.number.value = kind.number;
    document.getElementById("chosen").textContent = kind.name;
    document.getElementById("chosen-title").textContent = kind.title;
    document.getElementById("provisional").hidden = kind.trust !== "provisional";
    showAsked(form, kind);
    offerRemoteIds(form);
    if (form.dataset.method === "POST") form.elements["parameters.rated_current_a"].value = kind.rated ?? "";
    if (kind.asks.get("supply")?.required) for (const radio of form.querySelectorAll('[name="supply"]')) radio.checked = false;
    for (const radio of form.querySelectorAll('[name="side"]')) radio.checked = radio.value === kind.asks.get("side")?.default;
    pick.hidden = true;
    form.hidden = false;
    step(3);
    form.elements.unit.focus();
    form.elements.unit.select();
  }

  const wanted = pick.dataset.wanted;
  const given = wanted && kinds.find((kind) => kind.number === wanted || kind.model === wanted);
  if (given) choose(given);
  else sift();
}

// Another model for a device that is there: the same steps, but its own values stand in the form.
async function changing(id) {
  const answer = await call("GET", `/api/v1/devices/${id}`);
  if (!answer.ok) return;
  form.dataset.api = `/api/v1/devices/${id}`;
  form.dataset.method = "PATCH";
  form.dataset.etag = answer.body.etag ?? answer.etag ?? "";
  for (const name of ["gateway", "unit", "name", "load", "interface", "position"]) {
    const control = form.elements[name];
    if (control && answer.body[name] !== undefined) control.value = answer.body[name] || "";
  }
  form.elements["parameters.rated_current_a"].value = answer.body.parameters?.rated_current_a ?? "";
  for (const name of ["side", "phase", "supply", "power_sign"]) {
    for (const radio of form.querySelectorAll(`[name="${name}"]`)) radio.checked = String(answer.body[name] ?? "") === radio.value;
  }
  for (const box of form.querySelectorAll('[name="groups"]')) box.checked = answer.body.groups.includes(Number(box.value));
  form.rebase();
}

// What the answer suggests, the other side of a station, is offered on the page that comes next.
form?.addEventListener("saved", (event) => {
  try { sessionStorage.setItem("suggest", JSON.stringify(event.detail.body.suggest ?? null)); } catch { /* then it is not offered */ }
});

if (form) {
  const known = await catalogue();
  if (!known) toast(words.failed, "bad");
  else start(known);
  const change = address.searchParams.get("change");
  if (change) await changing(change);
}
