// Curves: which quantities of which devices are drawn; the address keeps them.
import { palette } from "../lib/chart.js";
import { CurvePanel, nameOf } from "../lib/curvepanel.js";
import { element, icon, swatch, words } from "../lib/page.js";

const MOST = 8;
const root = document.querySelector("[data-curve]");
const list = document.getElementById("series");
const device = document.getElementById("device");
const quantity = document.getElementById("quantity");
const add = document.getElementById("add");
const known = new Map(words.devices.map((each) => [each.id, each]));
let chosen = read();

function read() {
  const asked = new URL(location.href).searchParams.get("series") ?? "";
  return asked.split(",").filter((each) => /^[1-9]\d{0,3}:[a-z0-9_]+$/.test(each)).slice(0, MOST);
}

function offer() {
  const of = known.get(Number(device.value))?.of ?? [];
  const before = quantity.value;
  quantity.replaceChildren(...of.map((id) => element("option", { value: id }, nameOf(id))));
  if (of.includes(before)) quantity.value = before;
  else if (of.includes("active_power_w")) quantity.value = "active_power_w";
  add.disabled = !of.length || chosen.length >= MOST;
}

function showList() {
  list.replaceChildren(...chosen.map((each, place) => {
    const [id, of] = each.split(":");
    const name = `${known.get(Number(id))?.name ?? `${words.curves.device} ${id}`} · ${nameOf(of)}`;
    const button = element("button", { type: "button", class: "button bare", "aria-label": words.curves.remove.replace("%s", name), title: words.curves.remove.replace("%s", name) }, icon("close"));
    button.addEventListener("click", () => { chosen = chosen.filter((other) => other !== each); change(); });
    return element("li", {}, swatch(palette(place)), name, button);
  }));
  document.getElementById("nothing-chosen").hidden = chosen.length > 0;
  offer();
}

function change() {
  showList();
  panel.load();
}

add.addEventListener("click", () => {
  const each = `${device.value}:${quantity.value}`;
  if (!chosen.includes(each)) chosen = [...chosen, each].slice(0, MOST);
  change();
});
device.addEventListener("change", offer);
showList();
const panel = new CurvePanel(root, () => chosen, true);
addEventListener("popstate", () => { chosen = read(); showList(); });
