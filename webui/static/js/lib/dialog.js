// Dialogues: <button data-opens="id"> opens <dialog id>; [data-closes] in it closes; a click beside it does too.
import { element, icon, shellWords } from "./page.js";

export function wireDialogs(root = document) {
  for (const button of root.querySelectorAll("[data-opens]")) {
    button.addEventListener("click", () => openDialog(document.getElementById(button.dataset.opens)));
  }
  for (const dialog of root.querySelectorAll("dialog")) wire(dialog);
}

// Leads to its first entry; one without entries leads to its first button, as browsers do.
export function openDialog(dialog) {
  dialog.showModal();
  dialog.querySelector(".body :is(input:not([type=hidden]), select, textarea)")?.focus();
}

function wire(dialog) {
  for (const button of dialog.querySelectorAll("[data-closes]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

// choices: [{value, text, look}] from left to right, the last one is what most people want. -> the value, "" = closed.
export function ask({ title, text = [], choices, look = "", picture = "question" }) {
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "asked" });
  const footer = element("footer");
  for (const choice of choices) {
    const button = element("button", { type: "button", class: `button ${choice.look ?? ""}`, value: choice.value }, choice.text);
    button.addEventListener("click", () => dialog.close(choice.value));
    footer.append(button);
  }
  const mark = icon(picture);
  if (look) mark.classList.add(look);
  const lines = [].concat(text).map((line) => (line instanceof Node ? line : element("p", {}, line)));
  const close = element("button", { type: "button", class: "button bare", "data-closes": true, title: shellWords.close, "aria-label": shellWords.close }, icon("close"));
  dialog.append(element("div", { class: "sheet" }, element("header", {}, mark, element("h2", { id: "asked" }, title), close), element("div", { class: "body" }, ...lines), footer));
  document.body.append(dialog);
  wire(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue); });
    dialog.showModal();
    footer.lastElementChild.focus();
  });
}

export async function confirmed({ title, text, yes, look = "bad" }) {
  const choices = [{ value: "", text: shellWords.cancel }, { value: "yes", text: yes, look: look === "bad" ? "primary danger" : "primary" }];
  return (await ask({ title, text, choices, look, picture: look === "bad" ? "state-communication_error" : "question" })) === "yes";
}
