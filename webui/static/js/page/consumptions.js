// Grand total: everything, electricity stacked by load, with each part's share.
import { ChartPanel } from "../lib/chartpanel.js";
import { asked, gasUnit, showSummary } from "../lib/consumption.js";
import { press, words as pageWords } from "../lib/page.js";
import { drawnOf, partsShown, shareTable, stackTable } from "../lib/stack.js";

const words = pageWords.consumption;
const root = document.querySelector("[data-consumption]");
const list = document.querySelector("[data-shares]");
const title = document.getElementById("shares");
const kinds = [...root.querySelectorAll("[data-fluid]")];
let fluid = "electricity";

// Only electricity has loads; gas and water are told apart by their meters.
async function ask(chosen) {
  const unit = asUnit(fluid);
  const answer = await asked("/api/v1/consumption/loads", { ...chosen, fluid, ...unit });
  if (fluid === "electricity") return answer;
  const devices = await asked("/api/v1/consumption/devices", chosen);
  const names = pageWords.devices;
  answer.meters = devices.filter((device) => device.fluid === fluid && device.total !== null)
    .map((device) => ({ of: `device:${device.device}`, name: names[device.device], total: device.total, cost: null, unpriced: 0 }));
  return answer;
}

function show(answer) {
  const parts = answer.meters ? [] : partsShown(answer);
  showSummary(root, answer);
  panel.draw(drawnOf(answer, parts, document.title), (series) => stackTable(answer, series));
  title.textContent = answer.meters ? words.meters : words.loads;
  list.replaceChildren(answer.meters ? shareTable({ ...answer, fluid: "" , unit: "dm3", total: sum(answer.meters) }, answer.meters, words.meter, detailsOf)
    : shareTable(answer, parts, words.load, (part) => `/consumptions/partials?${new URLSearchParams({ load: part.of, ...panel.chosen })}`));
}
const sum = (meters) => meters.reduce((whole, meter) => whole + meter.total, 0);
const detailsOf = (part) => `/consumptions/details?${new URLSearchParams({ of: part.of, ...panel.chosen })}`;

for (const button of kinds) {
  button.addEventListener("click", () => {
    fluid = button.dataset.fluid;
    press(kinds, button);
    panel.load();
  });
}
const asUnit = gasUnit(root, () => panel.load());
const panel = new ChartPanel(root, ask, show).begin();
