// Makes codes up: a PIN and a PUK that the server does not find too easy.
function random(size) {
  let digits = "";
  while (digits.length < size) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 250) digits += byte % 10;
  }
  return digits;
}

const isSequence = (code) => new Set([...code].slice(1).map((digit, at) => (digit - code[at] + 10) % 10)).size === 1;

export function suggestPin() {
  let pin;
  do pin = random(5); while (new Set(pin).size < 4 || isSequence(pin));
  return pin;
}

export function suggestPuk(pin) {
  let puk;
  do puk = random(14); while (new Set(puk).size < 7 || puk.includes(pin) || /(\d)\1\1/.test(puk));
  return `${puk.slice(0, 5)} ${puk.slice(5, 9)} ${puk.slice(9)}`;
}

export function wireSuggestion(form) {
  document.getElementById("suggest")?.addEventListener("click", () => {
    form.elements.pin.value = suggestPin();
    form.elements.puk.value = suggestPuk(form.elements.pin.value);
    for (const name of ["pin", "puk"]) form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  });
}
