// The form of a gateway: shows the fields that its kind needs and puts the address together from them.
const form = document.getElementById("gateway");
const url = form.querySelector("[data-url]");

const part = (name) => {
  const controls = [...form.querySelectorAll(`[data-part="${name}"]`)];
  return (controls.find((control) => control.type !== "radio" || control.checked) ?? controls[0]).value.trim();
};
const kind = () => form.querySelector("[data-kind]:checked").value;

const MAKERS = {
  network: (block) => network(kind(), block.dataset.ports.split(" ")[block.dataset.kinds.split(" ").indexOf(kind())]),
  serial: () => `${kind()}://${part("path")}?baudrate=${part("baudrate")}&parity=${part("parity")}&stopbits=${part("stopbits")}`,
  whole: () => part("whole"),
};

// Whoever pastes a whole address or host:port means it.
function network(scheme, usual) {
  const host = part("host").replace(/^\w+:\/\//, "").replace(/\/.*$/, "");
  if (!host) return "";
  const bare = host.split(":").length > 2 && !host.startsWith("[") ? `[${host}]` : host;
  const port = part("port") || Number(usual);
  return (/\]?:\d+$/.test(bare) && !bare.endsWith("]")) || !port ? `${scheme}://${bare}` : `${scheme}://${bare}:${port}`;
}

function show() {
  for (const block of form.querySelectorAll("[data-kinds]")) block.hidden = !block.dataset.kinds.split(" ").includes(kind());
  compose();
}

function compose() {
  const block = [...form.querySelectorAll("[data-kinds]")].find((each) => each.dataset.kinds.split(" ").includes(kind()));
  const made = MAKERS[block.dataset.form](block);
  if (made !== url.value) url.value = made;
}

if (url) {
  form.addEventListener("input", show);
  form.addEventListener("saving", compose);
  show();
  form.rebase?.();
}
