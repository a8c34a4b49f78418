// Details: the consumption of whatever is picked from the list.
import { showConsumption } from "../lib/consumption.js";

const pick = document.getElementById("of");
const address = new URL(location.href);
const wanted = [...pick.options].findIndex((option) => option.value === address.searchParams.get("of"));
if (wanted >= 0) pick.selectedIndex = wanted;

// A device has a page that says how far its energy can be trusted.
const right = document.querySelector("[data-right]");
function lead() {
  const device = /^device:(\d+)$/.exec(pick.value);
  right.hidden = !device;
  if (device) right.href = `/devices/${device[1]}/energy-check`;
}
lead();

const picked = () => ({ of: pick.value, fluid: pick.selectedOptions[0].dataset.fluid });
const show = showConsumption(document.querySelector("[data-consumption]"), picked());

pick.addEventListener("change", () => {
  const here = new URL(location.href);
  here.searchParams.set("of", pick.value);
  history.replaceState(null, "", here);
  lead();
  show(picked());
});
