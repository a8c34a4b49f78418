// Home: what the whole site takes.
import { showConsumption } from "../lib/consumption.js";

const panel = document.querySelector("[data-consumption]");
if (panel) showConsumption(panel, { of: "total", fluid: "electricity" });
