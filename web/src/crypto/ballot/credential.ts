/** A voter's credential and its proof of possession (6). */

import { type Bytes, u32 } from "../encoding/bytes.ts";
import { InvalidPoint, InvalidPossession, InvalidScalar, InvalidSignature } from "../errors.ts";
import { BASE, decodeNonidentity, encodePoint, multiply } from "../group/point.ts";
import type { Scalar } from "../group/scalar.ts";
import { type Sum, judgeClaims } from "../group/sums.ts";
import { toScalar } from "../hash.ts";
import { type Statement, readSchnorr, signSchnorr, signatureSum } from "../signatures/schnorr.ts";

export interface Credential {
  readonly secret: Scalar;
  /** The 32 bytes of X. */
  readonly bytes: Bytes;
}

/** Which row of which roll a credential is enrolled in. */
export interface RowPlace {
  readonly ledgerId: Bytes;
  readonly electionId: Bytes;
  readonly row: number;
}

/** Makes a credential from 32 fresh random bytes. */
export function makeCredential(random: Bytes): Credential {
  const secret = toScalar("credential", random);
  return { secret, bytes: encodePoint(multiply(BASE, secret)) };
}

/** Proves that whoever enrolls a credential knows its secret. */
export function provePossession(secret: Scalar, random: Bytes, place: RowPlace): Bytes {
  return signSchnorr(secret, random, possession(place));
}

/** A credential with the proof that its holder knows its secret. */
export interface Possession {
  /** The 32 bytes of X. */
  readonly credential: Bytes;
  readonly place: RowPlace;
  readonly proof: Bytes;
}

/** Checks a proof of possession, and that X is a nonidentity point. */
export function checkPossession(one: Possession): void {
  checkPossessions([one]);
}

/** Checks many proofs of possession together; one that does not hold refuses them all. */
export function checkPossessions(many: readonly Possession[]): void {
  if (!judgeClaims(many.map((one) => [possessionSum(one)])).every(Boolean)) {
    throw new InvalidPossession("a proof of possession does not hold");
  }
}

function possessionSum({ credential, place, proof }: Possession): Sum {
  try {
    const key = decodeNonidentity(credential);
    return signatureSum(key, readSchnorr(credential, possession(place), proof));
  } catch (error) {
    const isRefusal =
      error instanceof InvalidPoint ||
      error instanceof InvalidScalar ||
      error instanceof InvalidSignature;
    if (isRefusal) throw new InvalidPossession(error.message);
    throw error;
  }
}

function possession({ ledgerId, electionId, row }: RowPlace): Statement {
  return { label: "possession", parts: [ledgerId, electionId, u32(row)] };
}
