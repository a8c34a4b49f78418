// Finds kinds of devices by what people write: maker, trade name, or a catalogue number in any writing; the best first.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const compact = (text) => wordsOf(text).join("");
const NOWHERE = 9;
const CODE = 5; // letters and digits by which a name is known within an order code; a shorter one is a word of its own
// What a device is, in the languages of the pages; it tells none from others.
const GENERIC = new Set(
  (
    "wallbox charger station meter inverter modbus borne onduleur compteur " +
    "ladestation wechselrichter zahler contatore inversor medidor contador"
  ).split(" "),
);
const isCode = (name) => /\p{L}/u.test(name) && /\p{N}/u.test(name);

// The longest name that an order code holds, as EM24DINAV93XISX holds EM24; 0 = none
function heldIn(letters, parts, tight) {
  const holds = (name) =>
    name.length >= CODE
      ? letters.includes(name)
      : parts.includes(name) || (name.length === CODE - 1 && letters.startsWith(name));
  return Math.max(0, ...tight.filter((name) => isCode(name) && holds(name)).map((name) => name.length));
}

// 0 it is the name, 1 the name begins with these words, 2 with these letters, 3 all are whole words, 4 all begin one,
// 5 the letters stand in a name, 6 every part that tells anything stands somewhere, from 7 it holds a name, the longest
// first; NOWHERE = not at all
function rankOf({ names, text }, wanted) {
  const letters = compact(wanted);
  const parts = wordsOf(wanted);
  const tight = names.map(compact);
  if (tight.includes(letters)) return 0;
  const listed = names.map(wordsOf);
  if (listed.some((name) => parts.every((part, at) => name[at] === part))) return 1;
  if (tight.some((name) => name.startsWith(letters))) return 2;
  const all = [...new Set(wordsOf(text))];
  if (parts.every((part) => all.includes(part))) return 3;
  if (parts.every((part) => all.some((word) => word.startsWith(part)))) return 4;
  if (tight.some((name) => name.includes(letters))) return 5;
  const whole = fold(text);
  const telling = parts.filter((part) => !GENERIC.has(part));
  if ((telling.length ? telling : parts).every((part) => whole.includes(part))) return 6;
  const held = heldIn(letters, parts, tight);
  return held ? 8 - Math.min(held, 50) / 50 : NOWHERE;
}

// Those of [{names, text, trust}] that fit, the likeliest first; among equals confirmed ones, else as they stood.
export function search(kinds, wanted) {
  if (!compact(wanted)) return [];
  const ranked = kinds.map((kind, at) => ({ kind, at, rank: rankOf(kind, wanted), open: kind.trust === "provisional" }));
  const fits = ranked.filter((each) => each.rank < NOWHERE);
  fits.sort((a, b) => a.rank - b.rank || a.open - b.open || a.at - b.at);
  return fits.map((each) => each.kind);
}
