// Home: what the whole site takes, and how it is now.
import { showConsumption } from "../lib/onething.js";
import { keepFresh } from "../lib/part.js";

const tiles = document.querySelector("[data-live]");
const panel = document.querySelector("[data-consumption]");
if (panel) showConsumption(panel, { of: "total", fluid: "electricity" });
keepFresh(tiles);
// The chart comes with the first device.
tiles.addEventListener("refreshed", () => {
  if (tiles.dataset.empty !== undefined && tiles.querySelector("[data-devices]").dataset.devices !== "0") location.reload();
});
