// Somebody who moves keeps the session from ending; one that has ended leads to the login and back.
import { shellWords, element, icon } from "./page.js";

const EACH_MS = 60_000;

export function toLogin() {
  if (document.body.classList.contains("on-screen")) return; // its frame says what is wrong
  const here = location.pathname + location.search;
  location.assign(`/login?back=${encodeURIComponent(here)}`);
}

export function wirePresence() {
  if (!document.body.dataset.csrf || document.body.classList.contains("gate")) return;
  let told = Date.now();
  const tell = async () => {
    if (Date.now() - told < EACH_MS) return;
    told = Date.now();
    const response = await fetch("/api/v1/session", { cache: "no-store" }).catch(() => null);
    if (response?.status === 401) toLogin();
  };
  for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, tell, { passive: true });
}

// Asks the PIN again in a dialogue. -> whether it was right.
export function askPin() {
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "pin-asked" });
  const input = element("input", { id: "asked-pin", type: "password", inputmode: "numeric", maxlength: "5", autocomplete: "off", required: true });
  const fault = element("div", { class: "fault", role: "alert" });
  const label = element("label", { for: "asked-pin" }, shellWords.pin);
  const entry = element("div", { class: "entry" }, label, element("div", { class: "input narrow" }, input), fault);
  const cancel = element("button", { type: "button", class: "button" }, shellWords.cancel);
  const sure = element("button", { type: "submit", class: "button primary" }, shellWords.goOn);
  const sheet = element("form", { class: "sheet" },
    element("header", {}, icon("lock"), element("h2", { id: "pin-asked" }, shellWords.pinTitle)),
    element("div", { class: "body" }, element("p", { class: "soft" }, shellWords.pinText), entry), element("footer", {}, cancel, sure));
  dialog.append(sheet);
  document.body.append(dialog);
  cancel.addEventListener("click", () => dialog.close());
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "right"); });
    sheet.addEventListener("submit", async (event) => {
      event.preventDefault();
      sure.setAttribute("aria-busy", "true");
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": document.body.dataset.csrf };
      const body = JSON.stringify({ pin: input.value });
      const response = await fetch("/api/v1/session/confirm", { method: "POST", headers, body }).catch(() => null);
      sure.removeAttribute("aria-busy");
      if (response?.ok) return dialog.close("right");
      if (response?.status === 401) return toLogin();
      const answer = response ? await response.json().catch(() => null) : null;
      fault.replaceChildren(answer?.error?.message ?? shellWords.unreachable);
      input.value = "";
      input.focus();
    });
    dialog.showModal();
    input.focus();
  });
}
