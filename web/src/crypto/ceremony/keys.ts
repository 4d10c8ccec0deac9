/** The joint key of each slot, and the trustees' verification keys (7). */

import { toHex } from "../encoding/bytes.ts";
import { InvalidCeremony } from "../errors.ts";
import { type Point, encodePoint, isIdentity, sum } from "../group/point.ts";
import { evaluatePoints } from "./deal.ts";
import type { Attempt } from "./ids.ts";

type Numbers = Pick<Attempt, "threshold" | "slots">;

/**
 * h_1..h_m.
 *
 * @param points for each trustee taking part its C_kjd, slot after slot.
 * @throws InvalidCeremony where a key is the identity or two are the same.
 */
export function jointKeys(points: readonly (readonly Point[])[], numbers: Numbers): Point[] {
  const keys = bySlot(points, numbers).map((slot) => sum(slot.map(([constant]) => constant)));
  if (keys.some(isIdentity)) throw new InvalidCeremony("a joint key is the identity");
  if (new Set(keys.map((key) => toHex(encodePoint(key)))).size !== keys.length) {
    throw new InvalidCeremony("two joint keys are the same");
  }
  return keys;
}

/** Y_i1..Y_im of the trustee with this index. */
export function verificationKeys(
  points: readonly (readonly Point[])[],
  trustee: number,
  numbers: Numbers,
): Point[] {
  return bySlot(points, numbers).map((slot) =>
    sum(slot.map((coefficients) => evaluatePoints(coefficients, trustee))),
  );
}

/** For each slot and each trustee, the points of its coefficients; the constant one first. */
function bySlot(
  points: readonly (readonly Point[])[],
  { threshold, slots }: Numbers,
): [Point, ...Point[]][][] {
  return Array.from({ length: slots }, (_, j) =>
    points.map((list): [Point, ...Point[]] => {
      const [constant, ...others] = list.slice(j * threshold, (j + 1) * threshold);
      if (constant === undefined) throw new RangeError("a trustee without points for a slot");
      return [constant, ...others];
    }),
  );
}
