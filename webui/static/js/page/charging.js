// Green'Up: circuits, stations and decisions as they are now; orders for the present charge; the filter.
import { wireActs } from "../lib/act.js";
import { keepFresh } from "../lib/part.js";

const live = document.getElementById("live");
const look = keepFresh(live);

live.addEventListener("refreshed", () => wireActs(live));
live.addEventListener("acted", () => look?.());
document.getElementById("filter")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
