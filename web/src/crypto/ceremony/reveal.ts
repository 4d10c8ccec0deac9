/** Round 2: each trustee reveals its points, in parts, and proves that it knows the secrets (7). */

import { type Bytes, join, splitEvenly, u32 } from "../encoding/bytes.ts";
import { InvalidCeremony, InvalidPoint, InvalidScalar } from "../errors.ts";
import {
  BASE,
  type Point,
  decodePoints,
  encodePoint,
  encodePoints,
  multiply,
  multiplyVartime,
} from "../group/point.ts";
import { type Scalar, decodeScalar, encodeScalar, reduce } from "../group/scalar.ts";
import { drawNonce } from "../hash.ts";
import { Transcript } from "../transcript.ts";
import type { Commit } from "./commit.ts";
import type { Attempt } from "./ids.ts";
import { type TrusteeSecrets, coefficientPoints } from "./seed.ts";

const POINTS_A_PART = 1500;

/** S: how many slots a part covers. */
export function slotsPerPart(threshold: number): number {
  return Math.floor(POINTS_A_PART / (threshold + 1));
}

/** In how many parts a trustee reveals. */
export function partCount({ threshold, slots }: Pick<Attempt, "threshold" | "slots">): number {
  return Math.ceil(slots / slotsPerPart(threshold));
}

/** How many slots part `part` covers; none past the last. */
export function slotsOfPart(attempt: Attempt, part: number): number {
  const start = part * slotsPerPart(attempt.threshold);
  return Math.max(0, Math.min(slotsPerPart(attempt.threshold), attempt.slots - start));
}

/** What a part's proof is about. */
export interface RevealStatement {
  readonly attempt: Attempt;
  readonly trustee: number;
  readonly commit: Pick<Commit, "transport" | "commitment">;
  readonly part: number;
}

export interface Reveal {
  readonly points: Bytes;
  readonly proof: Bytes;
}

/** Makes one part; `random` is 32 fresh bytes. */
export function makeReveal(
  statement: RevealStatement,
  secrets: TrusteeSecrets,
  random: Bytes,
): Reveal {
  const { attempt, part } = statement;
  const start = part * slotsPerPart(attempt.threshold);
  const slots = secrets.coefficients.slice(start, start + slotsOfPart(attempt, part));
  const points = encodePoints(coefficientPoints({ ...secrets, coefficients: slots }));
  const transcript = begin(statement, points);
  const digest = transcript.digest();
  const proven = slots.map(([secret = 0n]) => secret);
  const nonces = proven.map((secret, j) => drawNonce(secret, random, digest, j));
  const c = finish(
    transcript,
    nonces.map((nonce) => multiply(BASE, nonce)),
  );
  const responses = proven.map((secret, j) => reduce((nonces[j] ?? 0n) + c * secret));
  return { points, proof: join([c, ...responses].map(encodeScalar)) };
}

/** Checks one part; gives its points, slot after slot, d ascending in each. */
export function checkReveal(statement: RevealStatement, reveal: Reveal): Point[] {
  const { attempt, trustee, part } = statement;
  const slots = slotsOfPart(attempt, part);
  const { threshold } = attempt;
  const isSized =
    slots > 0 &&
    reveal.points.length === 32 * slots * threshold &&
    reveal.proof.length === 32 * (1 + slots);
  if (!isSized) throw new InvalidCeremony(`trustee ${trustee}: a part of another length`);
  const { points, scalars } = decodeReveal(reveal, trustee);
  const [c = 0n, ...responses] = scalars;
  const nonces = responses.map((z, j) => {
    const constant = points[j * threshold];
    if (constant === undefined) throw new RangeError("a slot without its points");
    return multiplyVartime(BASE, z).add(multiplyVartime(constant, reduce(-c)));
  });
  if (finish(begin(statement, reveal.points), nonces) !== c) {
    throw new InvalidCeremony(`trustee ${trustee}: the proof of part ${part} does not hold`);
  }
  return points;
}

function decodeReveal(reveal: Reveal, trustee: number): { points: Point[]; scalars: Scalar[] } {
  try {
    return {
      points: decodePoints(reveal.points),
      scalars: splitEvenly(reveal.proof, 32).map(decodeScalar),
    };
  } catch (error) {
    if (error instanceof InvalidPoint || error instanceof InvalidScalar) {
      throw new InvalidCeremony(`trustee ${trustee}: ${error.message}`);
    }
    throw error;
  }
}

function begin(statement: RevealStatement, points: Bytes): Transcript {
  const { attempt, trustee, commit, part } = statement;
  const transcript = new Transcript("reveal");
  const { transport, commitment } = commit;
  const ids = [attempt.ceremonyId, u32(trustee), transport, commitment, u32(part)];
  transcript.absorb("statement", ...ids);
  transcript.absorb("points", points);
  return transcript;
}

function finish(transcript: Transcript, nonces: readonly Point[]): Scalar {
  transcript.absorb("nonces", ...nonces.map(encodePoint));
  return transcript.challenge("c");
}
