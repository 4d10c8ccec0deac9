/** What somebody looks for: a ballot number as people write it, a whole hash, or a row number. */

import { type Bytes, fromHex } from "../crypto/encoding/bytes.ts";

export type Asked =
  | { readonly kind: "row"; readonly row: number }
  | { readonly kind: "ballot"; readonly start: Bytes; readonly tracker: string };

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS = 24;
const START_BYTES = 15;
const ROW_MAX = 2 ** 24 - 1;

/** Reads what was typed; `null` where it is neither. */
export function readAsked(text: string): Asked | null {
  const plain = text.trim();
  if (/^[0-9]{1,8}$/.test(plain)) {
    const row = Number(plain);
    return row <= ROW_MAX ? { kind: "row", row } : null;
  }
  if (/^[0-9a-f]{64}$/.test(plain)) return ballotOf(fromHex(plain).slice(0, START_BYTES));
  const upper = plain.replace(/[-\s]/g, "").toUpperCase();
  const letters = upper.replace(/[IL]/g, "1").replace(/O/g, "0");
  if (letters.length !== LETTERS) return null;
  let value = 0n;
  for (const letter of letters) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = (value << 5n) | BigInt(digit);
  }
  return ballotOf(fromHex(value.toString(16).padStart(2 * START_BYTES, "0")));
}

function ballotOf(start: Bytes): Asked {
  let value = start.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let letters = "";
  for (let i = 0; i < LETTERS; i++, value >>= 5n) {
    letters = ALPHABET.charAt(Number(value & 31n)) + letters;
  }
  return { kind: "ballot", start, tracker: letters.match(/.{4}/g)?.join("-") ?? "" };
}
