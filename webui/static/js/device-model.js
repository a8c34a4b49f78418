// The catalogue as the set-up pages use it, and which fields of a form a model asks for.
import { call } from "./api.js";

export const GENERIC = "generic-modbus-meter";

// -> {families: [{id, title}], kinds: [{key, family, name, title, text, model, number, trust, asks, most, ...}]}, or null.
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
  return {
    key: `n:${entry.number}`, family: entry.family, name: entry.number, title: entry.designation, model: entry.model, number: entry.number,
    trust: model?.trust ?? "published", asks: asked(entry.parameters, entry.model, entry.functions), most: entry.most ?? 0,
    phases: entry.phases ?? 0, brand: entry.brand, twoSided: entry.parameters.includes("side") && Boolean(model?.shares_address),
    text: [entry.number, entry.number.replaceAll(" ", ""), entry.designation, entry.brand, entry.range, model?.title].join(" ").toLowerCase(),
  };
}

function ofModel(model) {
  return {
    key: `m:${model.id}`, family: model.family, name: model.title, title: model.maker ?? "", model: model.id, number: "",
    trust: model.trust, asks: asked(["unit", "supply"], model.id, []), most: 0, phases: 0, brand: model.maker, twoSided: false,
    text: [model.id, model.title, model.maker, ...(model.models ?? [])].join(" ").toLowerCase(),
  };
}

function asked(parameters, model, functions) {
  const asks = new Set([...parameters, "load"]);
  if (model === GENERIC) asks.add("generic");
  if (functions.some((each) => each === "state" || each === "command")) asks.add("alerts");
  return asks;
}

// Shows what the model asks for; a value that is there already stays in sight.
export function showAsked(form, kind) {
  for (const block of form.querySelectorAll("[data-asks]")) {
    block.hidden = !kind.asks.has(block.dataset.asks);
  }
  const position = form.querySelector('[name="position"]');
  if (position && kind.most) position.max = String(kind.most);
}
