// Remote IDs that the server behind a gateway offers, as suggestions of the field; whatever it does not say is typed.
import { call } from "./api.js";

// -> a promise that is kept once they are there, or are known not to come.
export async function offerRemoteIds(form) {
  const field = form.elements["parameters.remote_id"];
  const list = document.getElementById("remote-ids");
  const gateway = form.elements.gateway;
  if (!field || !list || field.closest("[data-asks]")?.hidden || !gateway?.value) return;
  if (!form.dataset.offers) {
    form.dataset.offers = "1";
    gateway.addEventListener("change", () => offerRemoteIds(form));
  }
  const asked = gateway.value;
  list.replaceChildren();
  const answer = await call("GET", `/api/v1/gateways/${asked}/remote-objects`);
  if (gateway.value !== asked || !answer.ok) return;
  list.replaceChildren(...answer.body.objects.map((each) => new Option(each.name || String(each.remote_id), each.remote_id)));
}
