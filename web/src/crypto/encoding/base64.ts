/** Base64 of RFC 4648 section 4: with padding, unused bits zero, nothing else. */

import { NotCanonical } from "../errors.ts";
import type { Bytes } from "./bytes.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Encodes with padding. */
export function encodeBase64(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = [word >> 18, (word >> 12) & 63, (word >> 6) & 63, word & 63];
    text += digits.map((digit, i) => (i <= left ? ALPHABET.charAt(digit) : "=")).join("");
  }
  return text;
}

/** Decodes; every string that `encodeBase64` would not write is refused. */
export function decodeBase64(text: string): Bytes {
  const digits = text.replace(/={1,2}$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) throw new NotCanonical("not base64");
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (word >> bits) & 255;
    }
  }
  if (encodeBase64(bytes) !== text) throw new NotCanonical("not canonical base64");
  return bytes;
}
