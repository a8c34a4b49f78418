// Details: the consumption of whatever is picked from the list.
import { showConsumption } from "../lib/consumption.js";

const pick = document.getElementById("of");
const address = new URL(location.href);
const wanted = [...pick.options].findIndex((option) => option.value === address.searchParams.get("of"));
if (wanted >= 0) pick.selectedIndex = wanted;

const picked = () => ({ of: pick.value, fluid: pick.selectedOptions[0].dataset.fluid });
const show = showConsumption(document.querySelector("[data-consumption]"), picked());

pick.addEventListener("change", () => {
  const here = new URL(location.href);
  here.searchParams.set("of", pick.value);
  history.replaceState(null, "", here);
  show(picked());
});
