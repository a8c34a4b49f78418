// A meter with téléinfo: its values with each telegram, its energy with each recording.
import { keepFresh } from "../lib/part.js";

for (const part of document.querySelectorAll("#teleinfo [data-live]")) keepFresh(part, Number(part.dataset.seconds) * 1000);
