// The set-up of a device that is there: the fields that its model asks for; after it was added, the other side.
import { catalogue, showAsked } from "./device-model.js";
import { tryOut } from "./trial.js";

const form = document.getElementById("device");
const other = document.querySelector('[data-opens="other-side"]');
const isNew = document.querySelector("[data-result][data-try]");

async function fit() {
  const known = await catalogue();
  const kind = known?.kinds.find((each) => (form.dataset.number ? each.number === form.dataset.number : each.model === form.dataset.model && !each.number));
  if (!kind) return;
  showAsked(form, kind);
  form.rebase?.();
  if (other && kind.twoSided) {
    other.hidden = false;
    other.click();
  }
}

if (isNew) tryOut(document.querySelector("[data-trial]").dataset.trial);
await fit();
