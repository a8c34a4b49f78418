// The set-up of a device that is there: the fields that its model asks for; just after it was added, a test and the offer
// to set up the other side of its station.
import { catalogue, showAsked } from "../lib/device-model.js";
import { openDialog } from "../lib/dialog.js";
import { offerRemoteIds } from "../lib/remote-ids.js";
import { tryOut } from "../lib/test.js";

const form = document.getElementById("device");
const isNew = document.querySelector("[data-result][data-try]");

async function fit() {
  const known = await catalogue();
  const { number, model } = form.dataset;
  const kind = known?.kinds.find((each) => number && each.number === number) ?? known?.kinds.find((each) => each.model === model);
  if (!kind) return;
  if (!number) form.querySelector("[data-model-name]").title = kind.title;
  showAsked(form, kind);
  offerRemoteIds(form);
  form.widen?.(); // the catalogue may come after somebody has begun to write
}

function suggested() {
  try {
    const kept = JSON.parse(sessionStorage.getItem("suggest"));
    sessionStorage.removeItem("suggest");
    return kept;
  } catch { return null; }
}

function offer(suggest) {
  const dialog = document.getElementById("other-side");
  const other = dialog.querySelector("form");
  for (const [name, value] of Object.entries(suggest)) {
    const control = other.elements[name];
    if (control && value !== null && name !== "phase") control.value = value;
  }
  other.querySelector("[data-if=phase]").hidden = suggest.phase === null;
  other.elements.unit.readOnly = suggest.unit !== null; // both sides share it
  other.addEventListener("saved", (event) => sessionStorage.setItem("suggest", JSON.stringify(event.detail.body.suggest ?? null)));
  const again = document.querySelector('[data-opens="other-side"]');
  again.hidden = false;
  openDialog(dialog);
}

if (isNew) {
  tryOut(document.querySelector("[data-trial]").dataset.trial);
  const suggest = suggested();
  if (suggest && document.getElementById("other-side")) offer(suggest);
}
await fit();
