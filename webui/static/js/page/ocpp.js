// Charging stations with OCPP: one is added with its devices and a password, which is shown once.
import { confirmed } from "../lib/dialog.js";
import { act } from "../lib/form.js";
import { setText, words } from "../lib/page.js";

const MODEL = "ocpp-charge-point";
const made = document.getElementById("made");

async function givePassword(station) {
  const answer = await act("POST", `/api/v1/ocpp/stations/${encodeURIComponent(station)}/password`);
  if (!answer) return false;
  setText(document.getElementById("url"), answer.body.url);
  setText(document.getElementById("user"), answer.body.station);
  setText(document.getElementById("password"), answer.body.password);
  made.addEventListener("close", () => location.reload());
  made.showModal();
  return true;
}

for (const button of document.querySelectorAll("[data-password]")) {
  button.addEventListener("click", async () => {
    const { password, ask } = button.dataset;
    if (ask && !(await confirmed({ title: ask, text: words.text, yes: words.yes }))) return;
    await givePassword(password);
  });
}

const adding = document.querySelector("#add form");
let connectors = 1;
adding?.addEventListener("saving", ({ detail: { values } }) => {
  connectors = values.connectors ?? 1;
  delete values.connectors;
  values.url = `ocpp://${values.name}`;
});
adding?.addEventListener("saved", async (event) => {
  event.preventDefault();
  const { id, name } = event.detail.body;
  for (let unit = 1; unit <= connectors; unit += 1) {
    const device = { name: connectors > 1 ? `${name} ${unit}` : name, gateway: id, unit, model: MODEL };
    if (!(await act("POST", "/api/v1/devices", device))) break;
  }
  adding.closest("dialog").close();
  if (!(await givePassword(name))) location.reload();
});

document.getElementById("copy")?.addEventListener("click", async () => {
  await navigator.clipboard?.writeText(document.getElementById("password").textContent);
  setText(document.querySelector("#copy span"), words.copied);
});
