// The catalogue as the set-up pages use it, and which fields of a form a model asks for.
import { call } from "./api.js";
import { words } from "./page.js";

// -> {families: [{id, title}], kinds: [{key, family, name, title, names, text, model, number, trust, asks, …}]}, or null.
export async function catalogue() {
  const answer = await call("GET", "/api/v1/catalogue");
  if (!answer.ok) return null;
  const { families, entries, models } = answer.body;
  const trusts = new Map(models.map((model) => [model.id, model]));
  const kinds = [
    ...entries.map((entry) => ofEntry(entry, trusts.get(entry.model))),
    ...models.filter((model) => model.selectable ?? true).map(ofModel),
  ];
  const used = new Set(kinds.map((kind) => kind.family));
  return { families: families.filter((family) => used.has(family.id)), kinds };
}

function ofEntry(entry, model) {
  const designation = words.designations?.[entry.designation] ?? entry.designation;
  return {
    key: `n:${entry.number}`, family: entry.family, name: entry.number, title: [designation, entry.range].filter(Boolean).join(" · "),
    model: entry.model, number: entry.number, trust: entry.trust ?? "published", fluid: entry.fluid, brand: entry.brand,
    asks: new Map(entry.asked.map((each) => [each.name, each])), isMeter: entry.fluid === "electricity" && entry.functions.includes("measure"), rated: entry.rated_a,
    hasAlerts: entry.functions.some((each) => each === "state" || each === "command"),
    names: [entry.number, `${entry.brand} ${entry.number}`], text: [entry.number, designation, entry.brand, entry.range, model?.title].join(" "),
  };
}

function ofModel(model) {
  const plain = model.parameters.map((name) => ({ name, required: false, choices: [], default: "", ...(name === "unit" && { least: 0, most: 255 }), ...(name === "side" && { default: "left" }) }));
  const listed = [model.title, ...(model.models ?? [])];
  return {
    key: `m:${model.id}`, family: model.family, name: model.title, title: model.id, model: model.id, number: "", trust: model.trust, fluid: "electricity",
    brand: "", isMeter: true, rated: null, asks: new Map(plain.map((each) => [each.name, each])), hasAlerts: false,
    names: [model.id, ...listed, ...listed.map((name) => `${model.maker} ${name}`)], text: [model.id, model.maker, ...listed].join(" "),
  };
}

// Shows what the model asks for, with its choices, bounds and what to begin with.
export function showAsked(form, kind) {
  for (const block of form.querySelectorAll("[data-asks]")) block.hidden = !asksFor(kind, block.dataset.asks);
  for (const [name, asked] of kind.asks) fit(form, name, asked);
}

function asksFor(kind, name) {
  if (name === "load") return kind.fluid === "electricity" || !kind.fluid;
  if (name === "alerts") return kind.hasAlerts;
  if (name === "generic") return kind.asks.has("register");
  if (name === "circuit") return kind.isMeter;
  return kind.asks.has(name);
}

function fit(form, name, asked) {
  const mark = form.querySelector(`[data-asks="${name}"] .must`);
  if (mark) mark.hidden = !asked.required; // a station of one side may have registers for two
  const control = form.elements[name] ?? form.elements[`parameters.${name}`];
  if (control instanceof HTMLSelectElement && asked.choices.length) {
    const kept = control.value;
    control.replaceChildren(...asked.choices.map((choice) => new Option(words.units?.[choice] ?? choice, choice)));
    control.value = asked.choices.includes(kept) ? kept : asked.default || asked.choices[0];
  }
  if (!(control instanceof HTMLInputElement)) return;
  if (asked.most) Object.assign(control, { min: asked.least, max: asked.most });
  const isFixed = asked.most && asked.least === asked.most;
  if (isFixed || (!control.value && asked.default)) control.value = asked.default;
}
