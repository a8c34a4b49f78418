// Bill of consumptions: prices of a tariff as a list, the gas factor in kWh, how far a computation of costs is.
import { call } from "../lib/api.js";
import { setText, words } from "../lib/page.js";

const tariff = document.getElementById("tariff");
tariff?.addEventListener("saving", (event) => {
  const { values } = event.detail;
  if (!values.row) return;
  const rows = Object.values(values.row).map((row) => ({ price: row.price.trim().replace(",", "."), from: row.from }));
  values.prices = rows.filter((row) => row.price || row.from).map((row) => (row.from ? row : { price: row.price }));
  delete values.row;
});

document.querySelector('form[data-api="/api/v1/settings"]')?.addEventListener("saving", (event) => {
  const { values } = event.detail;
  if ("gas_wh_per_m3" in values) values.gas_wh_per_m3 = typeof values.gas_wh_per_m3 === "number" ? Math.round(values.gas_wh_per_m3 * 1000) : values.gas_wh_per_m3 ?? 0;
  if (values.currency) values.currency = values.currency.trim().toUpperCase();
});

const box = document.querySelector("[data-progress]");
if (box) {
  const cancel = box.querySelector("[data-cancel]");
  const say = (text, told) => text.replace(/\{(\w+)\}/g, (_, name) => told[name]);

  async function look() {
    const { ok, body } = await call("GET", "/api/v1/recompute");
    if (!ok || body.state === "none") return;
    box.hidden = false;
    const bar = box.querySelector("progress");
    bar.max = body.days;
    bar.value = body.done;
    setText(box.querySelector("[data-words]"), say(words[body.state], body));
    if (cancel) cancel.hidden = body.state !== "running";
    if (body.state === "running") setTimeout(look, 1000);
  }

  document.getElementById("recompute")?.addEventListener("saved", () => look());
  cancel?.addEventListener("click", async () => { await call("DELETE", "/api/v1/recompute"); look(); });
  if (box.dataset.state !== "none") look();
}
