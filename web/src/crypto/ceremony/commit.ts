/** Round 1: each trustee commits to its polynomials and shows its transport key (7). */

import { type Bytes, isEqual, u32 } from "../encoding/bytes.ts";
import { InvalidCeremony, InvalidPoint, InvalidScalar, InvalidSignature } from "../errors.ts";
import { BASE, decodeNonidentity, encodePoint, encodePoints, multiply } from "../group/point.ts";
import { frame, sha256 } from "../hash.ts";
import { type Statement, hasSchnorr, readSchnorr, signSchnorr } from "../signatures/schnorr.ts";
import { type TrusteeSecrets, coefficientPoints } from "./seed.ts";

/** What a trustee publishes in round 1. */
export interface Commit {
  /** E_k. */
  readonly transport: Bytes;
  readonly proof: Bytes;
  /** H_k. */
  readonly commitment: Bytes;
}

/** H_k over all of a trustee's points, joined. */
export function commitmentOf(ceremonyId: Bytes, trustee: number, points: Bytes): Bytes {
  return sha256(frame("commitment", ceremonyId, u32(trustee), points));
}

/** Makes a trustee's commit; `random` is 32 fresh bytes. */
export function makeCommit(
  ceremonyId: Bytes,
  trustee: number,
  secrets: TrusteeSecrets,
  random: Bytes,
): Commit {
  const points = encodePoints(coefficientPoints(secrets));
  const commitment = commitmentOf(ceremonyId, trustee, points);
  const statement = transportStatement(ceremonyId, trustee, commitment);
  return {
    transport: encodePoint(multiply(BASE, secrets.transport)),
    proof: signSchnorr(secrets.transport, random, statement),
    commitment,
  };
}

/** Checks that the trustee knows the secret of its transport key. */
export function checkCommit(ceremonyId: Bytes, trustee: number, commit: Commit): void {
  const { transport, proof, commitment } = commit;
  try {
    const key = decodeNonidentity(transport);
    const statement = transportStatement(ceremonyId, trustee, commitment);
    if (hasSchnorr(key, readSchnorr(transport, statement, proof))) return;
  } catch (error) {
    const isRefusal =
      error instanceof InvalidPoint ||
      error instanceof InvalidScalar ||
      error instanceof InvalidSignature;
    if (!isRefusal) throw error;
  }
  throw new InvalidCeremony(`trustee ${trustee}: the proof of the transport key does not hold`);
}

/** Checks all points of a trustee against its commitment. */
export function checkCommitment(
  ceremonyId: Bytes,
  trustee: number,
  commitment: Bytes,
  points: Bytes,
): void {
  if (!isEqual(commitmentOf(ceremonyId, trustee, points), commitment)) {
    throw new InvalidCeremony(`trustee ${trustee}: the points are not those committed to`);
  }
}

function transportStatement(ceremonyId: Bytes, trustee: number, commitment: Bytes): Statement {
  return { label: "transport", parts: [ceremonyId, u32(trustee), commitment] };
}
