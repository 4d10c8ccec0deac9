/** Points of ristretto255 (RFC 9496), the group of all proofs (2.2). */

import { pippenger } from "@noble/curves/abstract/curve.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { type Bytes, join, splitEvenly } from "../encoding/bytes.ts";
import { InvalidPoint } from "../errors.ts";
import type { Scalar } from "./scalar.ts";

export type Point = InstanceType<typeof ristretto255.Point>;

export const POINT_BYTES = 32;
export const IDENTITY: Point = ristretto255.Point.ZERO;

/**
 * The base point g. This is a copy: noble blinds the scalar of its own base point, which costs
 * 2.5 times as much and guards against power traces, not against what a web page can meet.
 */
export const BASE: Point = ristretto255.Point.fromBytes(ristretto255.Point.BASE.toBytes());
BASE.precompute(6);

/** Decodes 32 canonical bytes; every other string is refused. */
export function decodePoint(bytes: Bytes): Point {
  try {
    return ristretto255.Point.fromBytes(bytes);
  } catch {
    throw new InvalidPoint("not a canonical point");
  }
}

/** Decodes a point and refuses the identity. */
export function decodeNonidentity(bytes: Bytes): Point {
  const point = decodePoint(bytes);
  if (isIdentity(point)) throw new InvalidPoint("the identity is refused here");
  return point;
}

/** Decodes points that stand one after the other. */
export function decodePoints(bytes: Bytes): Point[] {
  if (bytes.length % POINT_BYTES !== 0) throw new InvalidPoint("points take 32 bytes each");
  return splitEvenly(bytes, POINT_BYTES).map(decodePoint);
}

export function encodePoint(point: Point): Bytes {
  return point.toBytes();
}

export function encodePoints(points: readonly Point[]): Bytes {
  return join(points.map(encodePoint));
}

export function isIdentity(point: Point): boolean {
  return point.is0();
}

/** The one-way map of RFC 9496 section 4.3.4 from 64 bytes. */
export function mapToPoint(bytes: Bytes): Point {
  const map = ristretto255_hasher;
  if (!map.deriveToCurve) throw new Error("the library lacks the one-way map");
  return map.deriveToCurve(bytes);
}

/** Multiplies by a secret scalar: a fixed number of additions, whatever the scalar. */
export function multiply(point: Point, scalar: Scalar): Point {
  // Only a scalar drawn at random comes here, and one of those is never zero.
  return scalar === 0n ? IDENTITY : point.multiply(scalar);
}

/** Multiplies by a public scalar; its time depends on the scalar. */
export function multiplyVartime(point: Point, scalar: Scalar): Point {
  return point.multiplyUnsafe(scalar);
}

/** Adds up points. */
export function sum(points: readonly Point[]): Point {
  return points.reduce((total, point) => total.add(point), IDENTITY);
}

/** One summand of a sum of multiples. */
export type Term = readonly [Scalar, Point];

/** Adds up public multiples by Pippenger's buckets; its time depends on the scalars. */
export function sumOfMultiplesVartime(terms: readonly Term[]): Point {
  return pippenger(
    ristretto255.Point,
    terms.map(([, point]) => point),
    terms.map(([scalar]) => scalar),
  );
}

/** Chooses `one` where `bit` is 1 and `zero` where it is 0, without a branch. */
export function choose(bit: number, zero: Point, one: Point): Point {
  return [zero, one][bit & 1] ?? zero;
}

/**
 * Makes the tables that let later multiples of these points skip all doublings.
 *
 * @param window bits a step, 4 to 8: more make larger tables and faster multiples.
 */
export function prepareTables(points: readonly Point[], window = 5): void {
  for (const point of points) point.precompute(window, false);
}
