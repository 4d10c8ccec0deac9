/** Sums of ballots, and the plain totals that t shares open (11.2, 11.3). */

import { toHex } from "../encoding/bytes.ts";
import { InvalidTotals } from "../errors.ts";
import {
  BASE,
  IDENTITY,
  type Point,
  encodePoint,
  multiplyVartime,
  sumOfMultiplesVartime,
} from "../group/point.ts";
import { type Scalar, invert, reduce } from "../group/scalar.ts";

/** A ciphertext A, B_1..B_n of a contest, and the weight that its row counts with. */
export interface WeighedCiphertext {
  readonly weight: bigint;
  readonly ciphertext: readonly Point[];
}

/** The sum of weight * (A, B_1..B_n); `parts` is n + 1. */
export function addCiphertexts(ballots: readonly WeighedCiphertext[], parts: number): Point[] {
  return Array.from({ length: parts }, (_, part) =>
    ballots.reduce((sum, { weight, ciphertext }) => {
      const point = ciphertext[part];
      if (point === undefined) throw new RangeError("a ciphertext of another contest");
      return sum.add(multiplyVartime(point, weight));
    }, IDENTITY),
  );
}

/** A trustee's points D_1..D_n, by its index. */
export interface ShareOf {
  readonly trustee: number;
  readonly points: readonly Point[];
}

/** lambda_i at 0 for one of the trustees present, by Lagrange. */
export function shareWeight(trustee: number, present: readonly number[]): Scalar {
  let weight = 1n;
  for (const other of present) {
    if (other === trustee) continue;
    weight = reduce(weight * BigInt(other) * invert(reduce(BigInt(other - trustee))));
  }
  return weight;
}

/** T_j g for each option: what is left of B_j when the shares are taken off. */
export function openSums(sums: readonly Point[], shares: readonly ShareOf[]): Point[] {
  const present = shares.map((share) => share.trustee);
  if (new Set(present).size !== present.length) throw new InvalidTotals("a trustee stands twice");
  return sums.map((sum, j) => {
    const taken = shares.map(({ trustee, points }): [Scalar, Point] => {
      const point = points[j];
      if (point === undefined) throw new InvalidTotals(`trustee ${trustee}: a point is missing`);
      return [shareWeight(trustee, present), point];
    });
    return sum.subtract(sumOfMultiplesVartime(taken));
  });
}

/**
 * Checks totals against the sums and t shares.
 *
 * @param sums B_1..B_n of the group.
 */
export function checkTotals(
  sums: readonly Point[],
  shares: readonly ShareOf[],
  totals: readonly bigint[],
): void {
  if (totals.length !== sums.length) throw new InvalidTotals("one total for each option");
  openSums(sums, shares).forEach((opened, j) => {
    if (!multiplyVartime(BASE, reduce(totals[j] ?? 0n)).equals(opened)) {
      throw new InvalidTotals(`total ${j} does not follow from the shares`);
    }
  });
}

/**
 * Finds the totals of 0..max behind the points T_j g: baby steps, then giant ones.
 *
 * The table is made once for all points; it grows with the square root of `max`.
 */
export function findTotals(points: readonly Point[], max: bigint): bigint[] {
  const steps = squareRoot(max) + 1n;
  const babySteps = new Map<string, bigint>();
  let baby = IDENTITY;
  for (let i = 0n; i < steps; i++) {
    babySteps.set(toHex(encodePoint(baby)), i);
    baby = baby.add(BASE);
  }
  const giant = baby.negate();
  return points.map((point) => {
    let rest = point;
    for (let i = 0n; i < steps; i++) {
      const found = babySteps.get(toHex(encodePoint(rest)));
      if (found !== undefined && i * steps + found <= max) return i * steps + found;
      rest = rest.add(giant);
    }
    throw new InvalidTotals("no total in the range fits the shares");
  });
}

/** The largest integer whose square is at most `value`. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
