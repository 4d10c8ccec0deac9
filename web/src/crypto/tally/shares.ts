/** A trustee's share of the decryption of one group's sum (11.3). */

import { type Bytes, join, splitEvenly, u32 } from "../encoding/bytes.ts";
import { InvalidPoint, InvalidScalar, InvalidShare } from "../errors.ts";
import {
  BASE,
  type Point,
  decodePoints,
  encodePoint,
  encodePoints,
  multiply,
  multiplyVartime,
  sumOfMultiplesVartime,
} from "../group/point.ts";
import { type Scalar, decodeScalar, encodeScalar, powers, reduce } from "../group/scalar.ts";
import { drawNonce } from "../hash.ts";
import { Transcript } from "../transcript.ts";

/** Which sum a share is of, and whose share it is. */
export interface ShareStatement {
  readonly electionId: Bytes;
  readonly ceremonyId: Bytes;
  readonly contest: number;
  readonly group: number;
  readonly trustee: number;
  /** A of the group's sum. */
  readonly sumA: Point;
  /** Y_i1..Y_in. */
  readonly keys: readonly Point[];
}

/** D_1..D_n joined, and the proof. */
export interface Share {
  readonly shares: Bytes;
  readonly proof: Bytes;
}

/** Makes a share from x_i1..x_in; `random` is 32 fresh bytes. */
export function makeShare(
  statement: ShareStatement,
  secrets: readonly Scalar[],
  random: Bytes,
): Share {
  const shares = encodePoints(secrets.map((secret) => multiply(statement.sumA, secret)));
  const transcript = new Transcript("share");
  const e = begin(transcript, statement, shares);
  const secret = secrets.reduce((total, x, j) => reduce(total + (e[j] ?? 0n) * x), 0n);
  const nonce = drawNonce(secret, random, transcript.digest(), 0);
  const c = finish(transcript, multiply(BASE, nonce), multiply(statement.sumA, nonce));
  return { shares, proof: join([c, reduce(nonce + c * secret)].map(encodeScalar)) };
}

/** Checks a share; gives its points D_1..D_n. */
export function checkShare(statement: ShareStatement, share: Share): Point[] {
  const { keys, sumA, trustee } = statement;
  if (share.shares.length !== 32 * keys.length || share.proof.length !== 64) {
    throw new InvalidShare(`trustee ${trustee}: a share of another length`);
  }
  const { points, c, z } = decodeShare(share);
  const transcript = new Transcript("share");
  const e = begin(transcript, statement, share.shares);
  const combine = (list: readonly Point[]): Point =>
    sumOfMultiplesVartime(list.map((point, j) => [e[j] ?? 0n, point]));
  const toBase = multiplyVartime(BASE, z).subtract(multiplyVartime(combine(keys), c));
  const toSum = multiplyVartime(sumA, z).subtract(multiplyVartime(combine(points), c));
  if (finish(transcript, toBase, toSum) !== c) {
    throw new InvalidShare(`trustee ${trustee}: the proof does not hold`);
  }
  return points;
}

function decodeShare(share: Share): { points: Point[]; c: Scalar; z: Scalar } {
  try {
    const [c = 0n, z = 0n] = splitEvenly(share.proof, 32).map(decodeScalar);
    return { points: decodePoints(share.shares), c, z };
  } catch (error) {
    if (error instanceof InvalidPoint || error instanceof InvalidScalar) {
      throw new InvalidShare(error.message);
    }
    throw error;
  }
}

/** Absorbs the statement and the shares; gives e_1..e_n. */
function begin(transcript: Transcript, statement: ShareStatement, shares: Bytes): Scalar[] {
  const { electionId, ceremonyId, contest, group, trustee, sumA, keys } = statement;
  const numbers = [u32(contest), u32(group), u32(trustee)];
  transcript.absorb("statement", electionId, ceremonyId, ...numbers, encodePoint(sumA));
  transcript.absorb("keys", ...keys.map(encodePoint));
  transcript.absorb("shares", ...splitEvenly(shares, 32));
  return powers(transcript.challenge("e"), keys.length);
}

function finish(transcript: Transcript, toBase: Point, toSum: Point): Scalar {
  transcript.absorb("nonces", encodePoint(toBase), encodePoint(toSum));
  return transcript.challenge("c");
}
