// Partials: a measure group or all of them, and of it a load, all electricity loads, gas or water.
import { ChartPanel } from "../lib/chartpanel.js";
import { asked, gasUnit, showSummary } from "../lib/consumption.js";
import { words as pageWords } from "../lib/page.js";
import { drawnOf, partsShown, shareTable, stackTable } from "../lib/stack.js";

const words = pageWords.consumption;
const FLUIDS = ["gas", "water"];
const root = document.querySelector("[data-consumption]");
const picks = { group: document.getElementById("group"), load: document.getElementById("load") };

function pick(name, value) {
  picks[name].value = value;
  const here = new URL(location.href);
  if (value) here.searchParams.set(name, value);
  else here.searchParams.delete(name);
  history.replaceState(null, "", here);
  picks.group.disabled = FLUIDS.includes(picks.load.value);
}
for (const [name, select] of Object.entries(picks)) {
  const wanted = new URL(location.href).searchParams.get(name) ?? "";
  if ([...select.options].some((option) => option.value === wanted)) select.value = wanted;
  pick(name, select.value);
  select.addEventListener("change", () => { pick(name, select.value); panel.load(); });
}

const fluidOf = () => (FLUIDS.includes(picks.load.value) ? picks.load.value : "electricity");

async function ask(chosen) {
  const fluid = fluidOf();
  if (fluid !== "electricity") return { whole: await asked("/api/v1/consumption", { of: "total", fluid, ...asUnit(fluid), ...chosen }), loads: null, groups: null };
  const [group, load] = [picks.group.value, picks.load.value];
  const [loads, groups] = await Promise.all([
    asked("/api/v1/consumption/loads", { of: group || "total", ...chosen }),
    picks.group.options.length > 1 ? asked("/api/v1/consumption/groups", { of: load || "total", ...chosen }) : null,
  ]);
  const of = group && load ? `${group}/${load}` : load;
  return { whole: of ? await asked("/api/v1/consumption", { of, ...chosen }) : loads, loads, groups };
}

function show({ whole, loads, groups }) {
  const isStack = loads !== null && !picks.load.value;
  showSummary(root, whole);
  const title = [picks.group, picks.load].map((select) => select.selectedOptions[0].textContent).join(" · ");
  const parts = isStack ? partsShown(loads) : [];
  panel.draw(drawnOf(whole, parts, title), (series) => stackTable(whole, series));
  list("[data-by-load]", loads, words.load, "load");
  list("[data-by-group]", groups, words.group, "group");
}

function list(where, answer, title, name) {
  const box = document.querySelector(where);
  box.closest(".panel").hidden = answer === null;
  if (answer === null) return;
  const parts = answer.parts.filter((part) => part.total !== null && (part.total !== 0 || part.of === picks[name].value));
  box.replaceChildren(shareTable(answer, parts, title, (part) => addressOf(name, part.of)));
}

function addressOf(name, of) {
  const here = new URL(location.href);
  here.searchParams.set(name, of);
  return here.pathname + here.search;
}

const asUnit = gasUnit(root, () => panel.load());
const panel = new ChartPanel(root, ask, show).begin();
