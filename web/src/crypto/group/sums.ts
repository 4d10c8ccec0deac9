/** Sums of multiples that must vanish, tested alone or many at once (8.7). */

import { readUint } from "../encoding/bytes.ts";
import { freshBytes } from "../hash.ts";
import { type Point, type Term, isIdentity, sumOfMultiplesVartime } from "./point.ts";
import { type Scalar, reduce } from "./scalar.ts";

/** A statement: these multiples add up to the identity. */
export type Sum = readonly Term[];

/** Whether one sum vanishes. */
export function doesVanish(sum: Sum): boolean {
  return isIdentity(sumOfMultiplesVartime(merge([[1n, sum]])));
}

/**
 * Whether all sums vanish, each multiplied by a fresh random weight of 128 bits.
 *
 * One that does not is missed with a probability of at most 2^-128 (15.8).
 */
export function doAllVanish(sums: readonly Sum[]): boolean {
  const weighed = sums.map((sum): [Scalar, Sum] => [readUint(freshBytes().subarray(0, 16)), sum]);
  return isIdentity(sumOfMultiplesVartime(merge(weighed)));
}

/** Multiplies sums by their weights and gathers the multiples of each point in one term. */
function merge(weighed: readonly (readonly [Scalar, Sum])[]): Term[] {
  const total = new Map<Point, Scalar>();
  for (const [weight, sum] of weighed) {
    for (const [scalar, point] of sum) {
      total.set(point, (total.get(point) ?? 0n) + weight * scalar);
    }
  }
  return [...total].map(([point, scalar]) => [reduce(scalar), point]);
}

/**
 * Decides which of many claims hold, each claim being sums that must all vanish.
 *
 * A batch that fails is halved until single claims decide, sum by sum, so that the verdict on one
 * never depends on its neighbors.
 */
export function judgeClaims(claims: readonly (readonly Sum[])[]): boolean[] {
  const [only] = claims;
  if (only === undefined) return [];
  if (claims.length === 1) return [only.every(doesVanish)];
  if (doAllVanish(claims.flat())) return claims.map(() => true);
  const half = claims.length >> 1;
  return [...judgeClaims(claims.slice(0, half)), ...judgeClaims(claims.slice(half))];
}
