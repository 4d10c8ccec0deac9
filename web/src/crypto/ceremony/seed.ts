/** Everything that a trustee derives from its one seed (7, "From one seed"). */

import { type Bytes, u32 } from "../encoding/bytes.ts";
import { BASE, type Point, multiply } from "../group/point.ts";
import { type Scalar, reduce } from "../group/scalar.ts";
import { frame, sha256, toScalar } from "../hash.ts";
import type { Attempt } from "./ids.ts";

/** A trustee's secrets of one attempt. */
export interface TrusteeSecrets {
  /** e_k. */
  readonly transport: Scalar;
  /** a_kj0..a_kj(t-1) for each slot j. */
  readonly coefficients: readonly (readonly Scalar[])[];
}

/** RFC 8032's secret key of a trustee. */
export function trusteeSigningKey(seed: Bytes): Bytes {
  return sha256(frame("trustee signing key", seed));
}

/** e_k alone, which serves a trustee that only opens deals. */
export function trusteeTransport(seed: Bytes, ceremonyId: Bytes): Scalar {
  return toScalar("trustee transport", seed, ceremonyId);
}

export function trusteeSecrets(seed: Bytes, attempt: Attempt): TrusteeSecrets {
  const { ceremonyId, threshold, slots } = attempt;
  const coefficient = (slot: number, degree: number): Scalar =>
    toScalar("trustee coefficient", seed, ceremonyId, u32(slot), u32(degree));
  return {
    transport: trusteeTransport(seed, ceremonyId),
    coefficients: Array.from({ length: slots }, (_, j) =>
      Array.from({ length: threshold }, (_unused, degree) => coefficient(j + 1, degree)),
    ),
  };
}

/** C_kjd of all slots, slot after slot, d ascending in each. */
export function coefficientPoints(secrets: TrusteeSecrets): Point[] {
  return secrets.coefficients.flat().map((coefficient) => multiply(BASE, coefficient));
}

/** f_kj(i): a slot's polynomial at a trustee's index. */
export function evaluate(coefficients: readonly Scalar[], index: number): Scalar {
  return coefficients.reduceRight(
    (sum, coefficient) => reduce(sum * BigInt(index) + coefficient),
    0n,
  );
}
