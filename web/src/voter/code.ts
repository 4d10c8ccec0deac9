/** One-time codes: 128 bits as 26 letters and digits, as they stand on a letter. */

import { type Bytes, join, toHex } from "../crypto/encoding/bytes.ts";
import { ascii } from "../crypto/encoding/text.ts";
import { sha256 } from "../crypto/hash.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS = 26;
const CODE_BYTES = 16;

/** Reads a code as people type it; `null` where it is none. */
export function readCode(text: string): Bytes | null {
  const plain = text.replace(/[-\s]/g, "").toUpperCase();
  const letters = plain.replace(/[IL]/g, "1").replace(/O/g, "0");
  if (letters.length !== LETTERS) return null;
  let value = 0n;
  for (const letter of letters) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = (value << 5n) | BigInt(digit);
  }
  if ((value & 3n) !== 0n) return null; // 130 bits hold 128
  value >>= 2n;
  const code = new Uint8Array(CODE_BYTES);
  for (let i = CODE_BYTES - 1; i >= 0; i--, value >>= 8n) code[i] = Number(value & 255n);
  return code;
}

/** Groups what was typed so far, four letters each. */
export function groupCode(text: string): string {
  const letters = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .slice(0, LETTERS);
  return letters.match(/.{1,4}/g)?.join("-") ?? "";
}

/** What the registrar is shown in place of the code. */
export function tokenOf(election: Bytes, code: Bytes): string {
  return toHex(sha256(join([ascii("hanpyo code\0"), election, code])));
}
