// Asks the API: JSON in and out (a text goes as it is), with the token that proves the request came from a page of ours.
import { askPin, toLogin } from "./presence.js";

// -> {ok, status, body, etag}; a server that cannot be reached is {ok: false, status: 0, body: null, etag: null}.
// A session that has ended leads to the login; a PIN that was given too long ago is asked again, then it goes on.
export async function call(method, path, value = undefined, options = {}) {
  const answer = await once(method, path, value, options);
  const code = answer.body?.error?.code;
  if (code === "login_needed") toLogin();
  if (code !== "pin_again" || !(await askPin())) return answer;
  return once(method, path, value, options);
}

async function once(method, path, value, { etag = null, key = null, timeout_ms = 30_000 }) {
  const headers = { Accept: "application/json" };
  const csrf = document.body.dataset.csrf;
  if (csrf) headers["X-CSRF-Token"] = csrf;
  if (key) headers["Idempotency-Key"] = key;
  if (etag) headers["If-Match"] = `"${etag.replaceAll('"', "")}"`;
  const isText = typeof value === "string";
  if (value !== undefined) headers["Content-Type"] = isText ? "text/plain; charset=utf-8" : "application/json";
  const body = value === undefined || isText ? value : JSON.stringify(value);
  try {
    const response = await fetch(path, { method, headers, body, cache: "no-store", signal: AbortSignal.timeout(timeout_ms) });
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: text ? JSON.parse(text) : null, etag: etagOf(response, text) };
  } catch {
    return { ok: false, status: 0, body: null, etag: null };
  }
}

function etagOf(response, text) {
  const header = response.headers.get("ETag");
  if (header) return header.replace(/^W\//, "").replaceAll('"', "");
  try { return JSON.parse(text)?.etag ?? null; } catch { return null; }
}

// [{field, code, message, hint}] of an answer that refuses; a refusal without fields is one fault without field.
export function faultsOf(answer) {
  const error = answer.body?.error;
  if (!error) return [];
  if (error.faults?.length) return error.faults;
  return [{ field: error.field ?? "", code: error.code, message: error.message, hint: error.hint ?? "" }];
}
