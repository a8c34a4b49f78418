// Alert settings: one dialogue adds and edits; recipients are asked for where the outlet does not know them itself.
import { openDialog } from "../lib/dialog.js";
import { clearFaults } from "../lib/entry.js";
import { words } from "../lib/page.js";

const dialog = document.getElementById("edit");
const form = dialog?.querySelector("form");
const collection = form?.dataset.api;

function showRecipients() {
  form.querySelector("[data-addressed]").hidden = !words.addressed.includes(Number(form.elements.outlet.value));
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
    else if (button.dataset.group) form.elements.group.value = button.dataset.group;
    showRecipients();
    clearFaults(form);
    form.rebase();
    openDialog(dialog);
  });
}
form?.elements.outlet.addEventListener("change", () => {
  showRecipients();
  form.widen();
});
