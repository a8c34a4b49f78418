// The first set-up: three steps of one form.
import { wireSuggestion } from "../lib/codes.js";
import { call, faultsOf } from "../lib/api.js";
import { clearFaults, showFaults } from "../lib/entry.js";
import { setText, shellWords } from "../lib/page.js";
import { toast, toastOnNextPage } from "../lib/toast.js";

const form = document.getElementById("welcome");
const steps = [...form.querySelectorAll("section[data-step]")];
const marks = [...form.querySelectorAll("[data-steps] li")];
const previous = document.getElementById("previous");
const next = document.getElementById("next");
const finish = document.getElementById("finish");
const written = document.getElementById("written");
let at = 0;

function show(step) {
  at = step;
  steps.forEach((section, place) => { section.hidden = place !== at; });
  marks.forEach((mark, place) => {
    mark.classList.toggle("done", place < at);
    if (place === at) mark.setAttribute("aria-current", "step");
    else mark.removeAttribute("aria-current");
  });
  previous.hidden = at === 0;
  next.hidden = at === steps.length - 1;
  finish.hidden = !next.hidden;
  for (const place of form.querySelectorAll("[data-shows]")) {
    const control = form.elements[place.dataset.shows];
    setText(place, control.selectedOptions ? control.selectedOptions[0].textContent : control.value);
  }
  steps[at].querySelector("input, select")?.focus();
}

function isFilled() {
  const empty = [...steps[at].querySelectorAll("[required]")].find((control) => !control.value.trim());
  empty?.focus();
  empty?.closest(".entry").classList.add("faulty");
  return !empty;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  finish.setAttribute("aria-busy", "true");
  const values = Object.fromEntries(["name", "zone", "currency", "language", "pin", "puk"].map((name) => [name, form.elements[name].value]));
  const answer = await call("POST", "/api/v1/setup", values);
  finish.removeAttribute("aria-busy");
  if (answer.ok) {
    toastOnNextPage(form.dataset.done);
    location.assign("/");
  } else if (answer.status === 0) toast(shellWords.unreachable, "bad");
  else refuse(faultsOf(answer));
});

// A refusal leads to the step that it blames.
function refuse(faults) {
  const blamed = steps.indexOf(form.elements[faults[0]?.field]?.closest("section[data-step]"));
  if (blamed >= 0) show(blamed);
  showFaults(form, faults.length ? faults : [{ field: "", message: shellWords.failed }]);
}
next.addEventListener("click", () => { if (isFilled()) { clearFaults(form); show(at + 1); } });
previous.addEventListener("click", () => show(at - 1));
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && at < steps.length - 1 && event.target.matches("input")) { event.preventDefault(); next.click(); }
});
written.addEventListener("change", () => { finish.disabled = !written.checked; });

wireSuggestion(form);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if ([...form.elements.zone.options].some((option) => option.value === zone)) form.elements.zone.value = zone;
show(0);
