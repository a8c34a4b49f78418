// Details: the consumption of whatever is picked from the list, and what a device measures just now.
import { say } from "../lib/chartpanel.js";
import { showConsumption } from "../lib/onething.js";
import { words } from "../lib/page.js";
import { keepFresh } from "../lib/part.js";

const root = document.querySelector("[data-consumption]");
const pick = document.getElementById("of");
const address = new URL(location.href);
const asked = address.searchParams.get("of");
const wanted = [...pick.options].findIndex((option) => option.value === asked && [null, option.dataset.fluid].includes(address.searchParams.get("fluid")));
if (wanted >= 0) pick.selectedIndex = wanted;
else if (asked) say(root, words.missing.replace("%s", asked.slice(0, 40)));

// A device has a page that says how far its energy can be trusted, and a part with what it measures.
const right = document.querySelector("[data-right]");
const measured = document.querySelector("[data-measured]");
const live = measured?.querySelector("[data-live]");
let look = null;

function lead() {
  const device = /^device:(\d+)$/.exec(pick.value)?.[1];
  const isDeleted = pick.selectedOptions[0].parentElement.dataset.former !== undefined;
  right.hidden = !device || isDeleted;
  if (device) right.href = `/devices/${device}/energy-check`;
  if (!measured) return;
  measured.hidden = !device || isDeleted;
  if (measured.hidden) return look?.stop();
  measured.querySelector("[data-board]").href = `/devices/${device}`;
  live.dataset.live = `/live/devices/${device}`;
  live.replaceChildren();
  if (look) look();
  else look = keepFresh(live);
}
lead();

const picked = () => ({ of: pick.value, fluid: pick.selectedOptions[0].dataset.fluid, name: pick.selectedOptions[0].textContent });
const show = showConsumption(root, picked());

pick.addEventListener("change", () => {
  const here = new URL(location.href);
  here.searchParams.set("of", pick.value);
  here.searchParams.set("fluid", pick.selectedOptions[0].dataset.fluid);
  history.replaceState(null, "", here);
  lead();
  show(picked());
});
