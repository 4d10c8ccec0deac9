/** Byte strings: joining, comparing, big-endian integers, hex. */

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { NotCanonical } from "../errors.ts";

export type Bytes = Uint8Array;

/** Joins byte strings. */
export function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Compares as strings of unsigned bytes: negative, 0 or positive. A prefix comes first. */
export function compareBytes(left: Bytes, right: Bytes): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Whether two public byte strings are the same. Not for secrets: it stops at a difference. */
export function isEqual(left: Bytes, right: Bytes): boolean {
  return left.length === right.length && compareBytes(left, right) === 0;
}

/** Encodes an integer of 0..2^32-1 as 4 bytes, big-endian. */
export function u32(value: number): Bytes {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError("u32 takes integers of 0..2^32-1");
  }
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** Encodes an integer of 0..2^64-1 as 8 bytes, big-endian. */
export function u64(value: bigint): Bytes {
  if (value < 0n || value >= 1n << 64n) throw new RangeError("u64 takes integers of 0..2^64-1");
  return join([u32(Number(value >> 32n)), u32(Number(value & 0xffffffffn))]);
}

/** Reads up to 8 bytes as a big-endian integer. */
export function readUint(bytes: Bytes): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

/** Encodes as lowercase hex. */
export function toHex(bytes: Bytes): string {
  return bytesToHex(bytes);
}

/** Decodes lowercase hex; every other string is refused. */
export function fromHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new NotCanonical("not lowercase hex");
  return hexToBytes(text);
}

/** Overwrites secret bytes. Copies that the engine made are out of reach. */
export function wipe(...secrets: readonly Bytes[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** Splits into pieces of one size; the length must be a multiple of it. */
export function splitEvenly(bytes: Bytes, size: number): Bytes[] {
  if (bytes.length % size !== 0) throw new RangeError("the length is no multiple of the piece");
  const pieces: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
