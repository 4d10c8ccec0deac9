/** The signature that casts a ballot (8.5). */

import { type Bytes, u32, u64 } from "../encoding/bytes.ts";
import { InvalidPoint, InvalidScalar, InvalidSignature } from "../errors.ts";
import { decodeNonidentity } from "../group/point.ts";
import type { Scalar } from "../group/scalar.ts";
import {
  type SchnorrSignature,
  type Statement,
  hasSchnorr,
  readSchnorr,
  signSchnorr,
} from "../signatures/schnorr.ts";

/** What a cast signature is about. */
export interface CastStatement {
  readonly electionId: Bytes;
  readonly style: number;
  readonly sequence: bigint;
  readonly ballot: Bytes;
}

/** Signs a ballot; the nonce never comes from the ballot's seed. */
export function signCast(secret: Scalar, random: Bytes, cast: CastStatement): Bytes {
  return signSchnorr(secret, random, statementOf(cast));
}

/** Reads a cast signature; any part that does not decode is a signature that does not hold. */
export function readCastSignature(
  credential: Bytes,
  cast: CastStatement,
  bytes: Bytes,
): SchnorrSignature {
  try {
    return readSchnorr(credential, statementOf(cast), bytes);
  } catch (error) {
    if (error instanceof InvalidPoint || error instanceof InvalidScalar) {
      throw new InvalidSignature(error.message);
    }
    throw error;
  }
}

/** Checks a cast signature alone. */
export function checkCastSignature(credential: Bytes, cast: CastStatement, bytes: Bytes): void {
  const key = decodeNonidentity(credential);
  if (!hasSchnorr(key, readCastSignature(credential, cast, bytes))) {
    throw new InvalidSignature("the cast signature does not hold");
  }
}

function statementOf({ electionId, style, sequence, ballot }: CastStatement): Statement {
  return { label: "cast", parts: [electionId, u32(style), u64(sequence), ballot] };
}
