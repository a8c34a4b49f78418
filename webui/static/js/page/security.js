// The certificate: files fill the entries, and a question comes before it is made anew.
import { confirmed } from "../lib/dialog.js";

for (const file of document.querySelectorAll("input[data-fills]")) {
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const entry = document.getElementById(file.dataset.fills);
    entry.value = await file.files[0].text();
    entry.dispatchEvent(new Event("input", { bubbles: true }));
    file.value = "";
  });
}

for (const form of document.querySelectorAll("form[data-asks]")) {
  form.addEventListener("saving", (event) => {
    if (form.dataset.agreed) { delete form.dataset.agreed; return; }
    event.preventDefault();
    const title = form.closest("section").querySelector("h2").textContent;
    const yes = form.querySelector("button[type=submit]").textContent;
    confirmed({ title, text: form.dataset.asks, yes, look: "warn" }).then((agreed) => {
      if (!agreed) return;
      form.dataset.agreed = "true";
      form.requestSubmit();
    });
  });
}
