// Users, sessions, known browsers and tokens: what ends, forgets or removes one, codes that are made up, a token shown once.
import { wireSuggestion } from "../lib/codes.js";
import { confirmed } from "../lib/dialog.js";
import { act } from "../lib/form.js";
import { setText, words } from "../lib/page.js";

for (const button of document.querySelectorAll("[data-removes]")) {
  button.addEventListener("click", async () => {
    const { removes, ask, next, done } = button.dataset;
    if (ask && !(await confirmed({ title: ask, text: words.removeText, yes: words.delete }))) return;
    button.setAttribute("aria-busy", "true");
    if (await act("DELETE", removes, undefined, { done })) location.assign(next);
    button.removeAttribute("aria-busy");
  });
}

const form = document.querySelector(".person-form");
if (form) {
  wireSuggestion(form);
  form.addEventListener("saving", ({ detail: { values } }) => {
    for (const name of ["pin", "puk"]) if (!values[name]) delete values[name];
  });
}

const made = document.getElementById("made");
const making = document.querySelector("#make form");
making?.addEventListener("saved", (event) => {
  event.preventDefault();
  making.closest("dialog").close();
  if (event.detail.body.token) setText(document.getElementById("token"), event.detail.body.token);
  made.addEventListener("close", () => location.reload());
  made.showModal();
});
document.getElementById("copy")?.addEventListener("click", async (event) => {
  await navigator.clipboard?.writeText(document.getElementById("token").textContent);
  setText(event.currentTarget?.querySelector("span") ?? document.querySelector("#copy span"), words.copied);
});
