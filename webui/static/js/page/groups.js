// Panel boards, loads, measure groups: one dialogue adds and edits, another asks whether to disable or to erase.
import { ask } from "../lib/dialog.js";
import { clearFaults } from "../lib/entry.js";
import { act } from "../lib/form.js";
import { words } from "../lib/page.js";

const dialog = document.getElementById("edit");
const form = dialog.querySelector("form");
const collection = form.dataset.api;

for (const button of document.querySelectorAll("[data-edit]")) {
  button.addEventListener("click", () => {
    const id = button.dataset.edit;
    form.dataset.api = id ? `${collection}/${id}` : collection;
    form.dataset.method = id ? "PATCH" : "POST";
    form.dataset.etag = button.dataset.etag ?? "";
    for (const name of ["name", "description"]) if (form.elements[name]) form.elements[name].value = button.dataset[name] ?? "";
    clearFaults(form);
    form.rebase();
    dialog.showModal();
    form.elements.name.select();
  });
}

for (const button of document.querySelectorAll("[data-remove]")) {
  button.addEventListener("click", async () => {
    const path = `${collection}/${button.dataset.remove}`;
    const isKept = button.dataset.kept !== undefined;
    const choice = await ask({
      title: (isKept ? words.disableTitle : words.title).replace("%s", button.dataset.name), look: "bad", picture: "delete",
      text: isKept ? [words.predefined, words.keeps] : [words.keeps, words.erases],
      choices: [...(isKept ? [] : [{ value: "erase", text: words.erase, look: "danger" }]), { value: "disable", text: words.disable, look: "primary" }],
    });
    if (!choice) return;
    const done = choice === "erase" ? await act("DELETE", path, undefined, { done: words.erased }) : await act("PATCH", path, { on: false }, { done: words.disabled });
    if (done) location.reload();
  });
}
