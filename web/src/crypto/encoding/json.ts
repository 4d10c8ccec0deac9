/** Canonical JSON: RFC 8785 with the limits of 2.7. */

import { NotCanonical } from "../errors.ts";
import { type Bytes, isEqual } from "./bytes.ts";
import { decodeUtf8, encodeUtf8, hasControls } from "./text.ts";

export type JsonValue = number | string | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const DEPTH_MAX = 16;

/** Decodes JSON text that is in its one canonical form. */
export function decodeJson(bytes: Bytes): JsonValue {
  const text = decodeUtf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotCanonical("not JSON");
  }
  const checked = checkValue(value, 0);
  // Duplicate keys, white space, signs, exponents and other forms do not survive this.
  if (!isEqual(encodeJson(checked), bytes)) throw new NotCanonical("JSON that is not canonical");
  return checked;
}

/** Encodes in canonical form; keys must be ASCII. */
export function encodeJson(value: JsonValue): Bytes {
  return encodeUtf8(serialize(value));
}

function serialize(value: JsonValue): string {
  if (value === null || typeof value === "boolean" || typeof value === "number") {
    return String(value);
  }
  if (typeof value === "string") return quote(value);
  if (isArray(value)) return `[${value.map(serialize).join(",")}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${quote(key)}:${serialize(value[key] ?? null)}`).join(",")}}`;
}

/** RFC 8785 escapes these two and control characters, which 2.7 refuses. */
function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function checkValue(value: unknown, depth: number): JsonValue {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || value < 0) throw new NotCanonical("not an integer");
    return value;
  }
  if (typeof value === "string") return checkText(value);
  if (depth >= DEPTH_MAX) throw new NotCanonical("JSON nested too deep");
  if (Array.isArray(value)) return value.map((item: unknown) => checkValue(item, depth + 1));
  if (typeof value !== "object") throw new NotCanonical("not a JSON value");
  // Without a prototype a key such as "__proto__" is a key like any other.
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [key, item] of Object.entries(value)) {
    if (!/^[\x20-\x7e]*$/.test(key)) throw new NotCanonical("a key that is not plain ASCII");
    object[key] = checkValue(item, depth + 1);
  }
  return object;
}

function checkText(text: string): string {
  if (!text.isWellFormed()) throw new NotCanonical("text with a lone surrogate");
  if (text.normalize("NFC") !== text) throw new NotCanonical("text that is not in NFC");
  if (hasControls(text)) throw new NotCanonical("text with a control character");
  return text;
}

export function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
