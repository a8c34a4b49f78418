// Thresholds: one dialogue adds and edits; it offers what the chosen device measures.
import { clearFaults } from "../lib/entry.js";
import { openDialog } from "../lib/dialog.js";
import { words } from "../lib/page.js";

const quantities = JSON.parse(document.getElementById("quantities").textContent);
const dialog = document.getElementById("edit");
const form = dialog.querySelector("form");
const collection = form.dataset.api;
const { device, quantity } = form.elements;

// The measures of the device; one that it does not measure (any more) stays chosen when it was.
function offer(chosen = quantity.value) {
  const measured = [...(words.measured[words.models[device.value]] ?? [])];
  if (chosen && !measured.includes(chosen)) measured.push(chosen);
  quantity.replaceChildren(...measured.map((id) => new Option(quantities[id][0], id)));
  if (chosen) quantity.value = chosen;
  showUnit();
}

function showUnit() {
  const unit = quantities[quantity.value]?.[1] ?? "";
  for (const name of ["value", "hysteresis"]) form.elements[name].parentElement.querySelector(".unit").textContent = unit;
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    if (name === "quantity") continue;
    const control = form.elements[name];
    if (control.type === "checkbox") control.checked = value;
    else control.value = String(value);
  }
  offer(values.quantity);
}

for (const button of document.querySelectorAll("[data-edit]")) {
  button.addEventListener("click", () => {
    const id = button.dataset.edit;
    form.reset();
    form.dataset.api = id ? `${collection}/${id}` : collection;
    form.dataset.method = id ? "PATCH" : "POST";
    form.dataset.etag = button.dataset.etag ?? "";
    fill(id ? JSON.parse(button.dataset.values) : { quantity: "" });
    clearFaults(form);
    form.rebase();
    openDialog(dialog);
  });
}
device.addEventListener("change", () => offer());
quantity.addEventListener("change", showUnit);
