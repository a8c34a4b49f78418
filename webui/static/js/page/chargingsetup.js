// Green'Up configuration: a dialogue for circuits and one for stations. The API counts in mA and mAh, people in A and Ah.
import { openDialog } from "../lib/dialog.js";
import { clearFaults } from "../lib/entry.js";

const THOUSAND = 1000;

function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements[name];
    const first = control instanceof RadioNodeList ? control[0] : control;
    if (first.type === "checkbox") first.checked = value;
    else if (value === null) control.value = "";
    else control.value = String("thousand" in first.dataset ? value / THOUSAND : value);
  }
}

// What stands there in thousands is sent in ones.
function toOnes(form, values) {
  for (const name of Object.keys(values)) {
    const control = form.elements[name];
    if (control?.dataset && "thousand" in control.dataset && values[name] !== null) values[name] = Math.round(values[name] * THOUSAND);
  }
}

for (const kind of ["circuit", "station"]) {
  const dialog = document.querySelector(`dialog#${kind}`);
  const form = dialog.querySelector("form");
  const collection = form.dataset.api;
  form.addEventListener("saving", (event) => toOnes(form, event.detail.values));
  for (const button of document.querySelectorAll(`[data-edit="${kind}"]`)) {
    button.addEventListener("click", () => {
      const { id, etag, values } = button.dataset;
      form.reset();
      form.dataset.api = id ? `${collection}/${id}` : collection;
      form.dataset.method = id ? "PATCH" : "POST";
      form.dataset.etag = etag ?? "";
      if (id) fill(form, JSON.parse(values));
      clearFaults(form);
      form.rebase();
      openDialog(dialog);
    });
  }
}
