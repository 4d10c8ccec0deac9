/** Unicode text: strict UTF-8, and the characters that the protocol refuses (2.7). */

import { utf8ToBytes } from "@noble/hashes/utils.js";
import { NotCanonical } from "../errors.ts";
import type { Bytes } from "./bytes.ts";

const CONTROLS = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

/** Encodes well-formed text as UTF-8. */
export function encodeUtf8(text: string): Bytes {
  if (!text.isWellFormed()) throw new NotCanonical("text with a lone surrogate");
  return utf8ToBytes(text);
}

/** Encodes ASCII text. */
export function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 127) throw new NotCanonical("text that is not ASCII");
    return code;
  });
}

/** Decodes UTF-8 strictly: no overlong form, no surrogate, nothing past U+10FFFF. */
export function decodeUtf8(bytes: Bytes): string {
  const pieces: string[] = [];
  let piece = "";
  for (let at = 0; at < bytes.length;) {
    const { codePoint, length } = readCodePoint(bytes, at);
    piece += String.fromCodePoint(codePoint);
    at += length;
    if (piece.length > 4096) {
      pieces.push(piece);
      piece = "";
    }
  }
  pieces.push(piece);
  return pieces.join("");
}

function readCodePoint(bytes: Bytes, at: number): { codePoint: number; length: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { codePoint: first, length: 1 };
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) throw new NotCanonical("not UTF-8");
  let codePoint = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) throw new NotCanonical("not UTF-8");
    codePoint = (codePoint << 6) | (next & 0x3f);
  }
  const least = [0, 0, 0x80, 0x800, 0x10000][length] ?? 0;
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (codePoint < least || codePoint > 0x10ffff || isSurrogate) throw new NotCanonical("not UTF-8");
  return { codePoint, length };
}

/** Whether text holds a control character (category Cc) or a bidirectional control. */
export function hasControls(text: string): boolean {
  return CONTROLS.test(text);
}

/** Counts code points. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const character of text) count += character.length > 0 ? 1 : 0;
  return count;
}
