/** A voter's credential and its proof of possession (6). */

import { type Bytes, u32 } from "../encoding/bytes.ts";
import { InvalidPoint, InvalidPossession, InvalidScalar, InvalidSignature } from "../errors.ts";
import { BASE, decodeNonidentity, encodePoint, multiply } from "../group/point.ts";
import type { Scalar } from "../group/scalar.ts";
import { toScalar } from "../hash.ts";
import { type Statement, hasSchnorr, readSchnorr, signSchnorr } from "../signatures/schnorr.ts";

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

/** Checks a proof of possession, and that X is a nonidentity point. */
export function checkPossession(credential: Bytes, place: RowPlace, proof: Bytes): void {
  try {
    const key = decodeNonidentity(credential);
    if (hasSchnorr(key, readSchnorr(credential, possession(place), proof))) return;
  } catch (error) {
    const isRefusal =
      error instanceof InvalidPoint ||
      error instanceof InvalidScalar ||
      error instanceof InvalidSignature;
    if (!isRefusal) throw error;
  }
  throw new InvalidPossession("the proof of possession does not hold");
}

function possession({ ledgerId, electionId, row }: RowPlace): Statement {
  return { label: "possession", parts: [ledgerId, electionId, u32(row)] };
}
