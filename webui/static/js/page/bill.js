// Bill of consumptions: prices of a tariff as a list, the gas factor in kWh, how far a computation of costs is.
import { call } from "../lib/api.js";
import { read } from "../lib/entry.js";
import { language, setText, words } from "../lib/page.js";

const tariff = document.getElementById("tariff");
tariff?.addEventListener("saving", (event) => {
  const { values } = event.detail;
  if (!values.row) return;
  const rows = Object.values(values.row).map((row) => ({ price: row.price.trim().replace(",", "."), from: row.from }));
  values.prices = rows.filter((row) => row.price || row.from).map((row) => (row.from ? row : { price: row.price }));
  delete values.row;
});

const settings = document.querySelector('form[data-api="/api/v1/settings"]');
settings?.addEventListener("saving", (event) => {
  const { values } = event.detail;
  if ("gas_wh_per_m3" in values || "gas_from" in values) dateFactor(values);
});

// The factor and the day from which it holds, beside those that hold before and after; without one there is none at all.
function dateFactor(values) {
  const { gas_wh_per_m3: factor, gas_from: day } = read(settings);
  delete values.gas_wh_per_m3;
  delete values.gas_from;
  if (factor !== null && typeof factor !== "number") values.gas_wh_per_m3 = factor; // it is refused with its fault
  else if (factor === null) Object.assign(values, { gas_factors: {}, gas_wh_per_m3: 0 });
  else values.gas_factors = { ...JSON.parse(settings.elements.gas_wh_per_m3.dataset.factors), [day]: Math.round(factor * 1000) };
}

const box = document.querySelector("[data-progress]");
if (box) {
  const cancel = box.querySelector("[data-cancel]");
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const days = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" });
  const day = (text) => (text ? date.format(new Date(`${text}T00:00:00Z`)) : "");
  const shown = (told) => ({ done: told.done, days: days.format(told.days), from: day(told.from), to: day(told.to) });
  const say = (text, told) => text.replace(/\{(\w+)\}/g, (_, name) => shown(told)[name]);

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
