// Cost rule: one that is always true asks for nothing but its last day.
const form = document.getElementById("rule");
const always = form.elements.default;
const OTHERS = ["from", "repeat", "start", "end", "days"];

function show() {
  for (const entry of form.querySelectorAll(".entry")) {
    if (OTHERS.includes(entry.dataset.field)) entry.hidden = always.checked;
  }
}

if (always) {
  always.addEventListener("change", show);
  show();
}
