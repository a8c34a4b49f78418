// Budgets and leaks: one dialogue adds and edits, with the entries of the chosen kind.
import { openDialog } from "../lib/dialog.js";
import { clearFaults } from "../lib/entry.js";

const dialog = document.getElementById("edit");
const form = dialog.querySelector("form");
const collection = form.dataset.api;

function showKind() {
  const { kind } = form.elements;
  for (const part of form.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind.value;
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements[name];
    if (control.type === "checkbox") control.checked = value;
    else control.value = String(value);
  }
}

for (const button of document.querySelectorAll("[data-edit]")) {
  button.addEventListener("click", () => {
    const id = button.dataset.edit;
    form.reset();
    form.dataset.api = id ? `${collection}/${id}` : collection;
    form.dataset.method = id ? "PATCH" : "POST";
    form.dataset.etag = button.dataset.etag ?? "";
    if (id) fill(JSON.parse(button.dataset.values));
    showKind();
    clearFaults(form);
    form.rebase();
    openDialog(dialog);
  });
}
for (const control of form.querySelectorAll('[name="kind"]')) {
  control.addEventListener("change", () => {
    showKind();
    form.widen();
  });
}
