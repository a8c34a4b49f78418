// The meter tree as it is now.
import { keepFresh } from "../lib/part.js";

keepFresh(document.querySelector("[data-live]"));
