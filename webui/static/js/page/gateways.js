// Gateways: their states and what goes wrong, as they are now.
import { keepFresh } from "../lib/part.js";

keepFresh(document.querySelector("[data-live]"));
