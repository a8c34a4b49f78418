// Clock and network: entries that matter only for one choice, and a question before the address changes.
import { confirmed } from "../lib/dialog.js";

function follow(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const control = form.elements[part.dataset.when];
    const value = control.type === "checkbox" ? String(control.checked) : control.value;
    part.hidden = value !== part.dataset.is;
  }
}

for (const form of document.querySelectorAll("form.form")) {
  form.addEventListener("change", () => follow(form));
  follow(form);
}

for (const form of document.querySelectorAll("form[data-confirms]")) {
  form.addEventListener("saving", (event) => {
    if (form.dataset.agreed) { delete form.dataset.agreed; return; }
    event.preventDefault();
    const title = form.closest("section").querySelector("h2").textContent;
    const yes = form.querySelector("button[type=submit]").textContent;
    confirmed({ title, text: form.dataset.confirms, yes, look: "warn" }).then((agreed) => {
      if (!agreed) return;
      form.dataset.agreed = "true";
      form.requestSubmit();
    });
  });
}
