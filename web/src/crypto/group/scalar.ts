/** Integers modulo the group's order `l` (2.2). */

import { ristretto255 } from "@noble/curves/ed25519.js";
import { type Bytes, readUint } from "../encoding/bytes.ts";
import { InvalidScalar } from "../errors.ts";

/** An integer of 0..l-1. */
export type Scalar = bigint;

export const ORDER = ristretto255.Point.Fn.ORDER;
export const SCALAR_BYTES = 32;
const WIDE_BYTES = 64;

/** Reduces any integer modulo l. */
export function reduce(value: bigint): Scalar {
  const rest = value % ORDER;
  return rest < 0n ? rest + ORDER : rest;
}

/** Decodes 32 bytes, little-endian, less than l; every other string is refused. */
export function decodeScalar(bytes: Bytes): Scalar {
  if (bytes.length !== SCALAR_BYTES) throw new InvalidScalar("a scalar takes 32 bytes");
  const value = readLittle(bytes);
  if (value >= ORDER) throw new InvalidScalar("not a canonical scalar");
  return value;
}

export function encodeScalar(scalar: Scalar): Bytes {
  return ristretto255.Point.Fn.toBytes(scalar);
}

/** Reads 64 bytes as a little-endian integer modulo l. */
export function wide(bytes: Bytes): Scalar {
  if (bytes.length !== WIDE_BYTES) throw new RangeError("wide takes 64 bytes");
  return readLittle(bytes) % ORDER;
}

/** The inverse of a scalar that is not zero. */
export function invert(scalar: Scalar): Scalar {
  return ristretto255.Point.Fn.inv(scalar);
}

/** The powers base^1..base^count. */
export function powers(base: Scalar, count: number): Scalar[] {
  const list: Scalar[] = [];
  let power = 1n;
  for (let i = 0; i < count; i++) {
    power = (power * base) % ORDER;
    list.push(power);
  }
  return list;
}

function readLittle(bytes: Bytes): bigint {
  const reversed = bytes.slice().reverse();
  let value = 0n;
  for (let at = 0; at < reversed.length; at += 8) {
    value = (value << 64n) | readUint(reversed.subarray(at, at + 8));
  }
  reversed.fill(0);
  return value;
}
