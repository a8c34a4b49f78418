// The login: first the PIN, then the PUK, sent together. Without scripts both stand there at once.
import { setText, words } from "../lib/page.js";

const form = document.getElementById("login");
const pin = document.getElementById("pin");
const puk = document.getElementById("puk");
const enter = document.getElementById("enter");
const back = document.getElementById("to-pin");
const wait = document.querySelector("[data-wait-left]");

function show(step) {
  form.dataset.at = step;
  if (!puk) return;
  const first = step === "pin";
  form.querySelector('[data-step="pin"]').hidden = !first;
  form.querySelector('[data-step="puk"]').hidden = first;
  back.hidden = first;
  puk.required = !first;
  setText(enter, first ? words.next : words.enter);
  (first ? pin : puk).focus();
}

function digits(input, groups) {
  const bare = input.value.replace(/\D/g, "").slice(0, groups.reduce((a, b) => a + b));
  let at = 0;
  const shown = groups.map((size) => bare.slice(at, (at += size))).filter(Boolean).join(" ");
  if (shown !== input.value) input.value = shown;
  return bare;
}

pin.addEventListener("input", () => {
  if (digits(pin, [5]).length === 5 && puk && form.dataset.at === "pin") show("puk");
});
puk?.addEventListener("input", () => digits(puk, [5, 4, 5]));
puk?.addEventListener("keydown", (event) => { if (event.key === "Backspace" && puk.value === "") show("pin"); });
back?.addEventListener("click", () => show("pin"));

form.addEventListener("submit", (event) => {
  if (puk && form.dataset.at === "pin") {
    event.preventDefault();
    show("puk");
    return;
  }
  enter.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => enter.removeAttribute("aria-busy"));

for (const button of form.querySelectorAll("[data-reveal]")) {
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.reveal);
    const reveals = input.type === "password";
    input.type = reveals ? "text" : "password";
    button.setAttribute("aria-pressed", String(reveals));
    input.focus();
  });
}

function count(left) {
  enter.disabled = left > 0;
  if (wait) setText(wait, left > 0 ? words.seconds.replace("%s", left) : "");
  if (left > 0) setTimeout(count, 1000, left - 1);
}
if (form.dataset.wait) count(Number(form.dataset.wait));
show("pin");
