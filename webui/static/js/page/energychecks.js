// Every device in short: how far its energy can be trusted in the chosen period. The worst stand first.
import { asked } from "../lib/consumption.js";
import { decimal } from "../lib/figure.js";
import { energy, level, LEVELS, lookOf, moment, remark, resultLook } from "../lib/energycheck.js";
import { element, setText, words, zone } from "../lib/page.js";
import { periodBar, siteToday } from "../lib/period.js";

const says = words.says;
const root = document.getElementById("energy-checks");
const body = document.querySelector("[data-grid] tbody");
const rows = new Map([...body.rows].map((row) => [Number(row.dataset.device), row]));
let chosen = null;
let latest = 0;

async function load() {
  const mine = ++latest;
  try {
    const answer = await asked("/api/v1/energy-check", chosen);
    if (mine === latest) show(answer.devices);
  } catch {
    root.querySelector("[data-summary]").replaceChildren(remark("warn", says.failed));
  }
}

function show(devices) {
  for (const device of devices) showRow(rows.get(device.device), device);
  const worst = [...devices].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.device - b.device);
  body.append(...worst.map((device) => rows.get(device.device)).filter(Boolean));
  const count = (id) => devices.filter((device) => device.level === id).length;
  root.querySelector("[data-summary]").replaceChildren(...LEVELS.filter(count).map((id) => remark(id, `${count(id)} · ${says.levels[id]}`)));
}

function showRow(row, device) {
  if (!row) return;
  row.dataset.level = device.level;
  const cell = (name) => row.querySelector(`[data-cell="${name}"]`);
  const why = device.remarks.filter((id) => ["bad", "warn"].includes(lookOf(id))).map((id) => words.remarks[id][0]);
  cell("level").replaceChildren(level(device.level), ...why.map((text) => element("small", { class: "below-figure" }, text)));
  setText(cell("energy"), energy(device.energy.total, device.unit));
  const pct = device.energy.estimated_pct;
  setText(cell("estimated"), pct === null ? "–" : `${decimal(pct, pct && pct < 10 ? 1 : 0)} %`);
  setText(cell("power"), words.states[device.power]);
  cell("power").classList.toggle("doubted", device.power === "differs");
  setText(cell("display"), device.check ? `${device.check.result === "fits" ? says.levels.good : device.check.result === "too_small" ? says.levels.warn : says.levels.bad} · ${moment(device.check.checked)}` : says.never);
  cell("display").classList.toggle("doubted", device.check !== null && resultLook(device.check) === "bad");
  setText(cell("jump"), device.last_jump ? `${words.jumps[device.last_jump.code] ?? words.otherJump} · ${moment(device.last_jump.at)}` : says.none);
}

periodBar(root, siteToday(zone, Number(document.body.dataset.now)), (choice) => { chosen = choice; load(); });
