/** Round 4: a trustee whose deal is bad opens it, and one of the two is at fault (7). */

import { type Bytes, join, u32 } from "../encoding/bytes.ts";
import { InvalidComplaint, InvalidDeal, InvalidPoint, InvalidScalar } from "../errors.ts";
import {
  BASE,
  type Point,
  decodeNonidentity,
  encodePoint,
  multiply,
  multiplyVartime,
} from "../group/point.ts";
import { type Scalar, decodeScalar, encodeScalar, reduce } from "../group/scalar.ts";
import { drawNonce } from "../hash.ts";
import { Transcript } from "../transcript.ts";
import { type DealRoute, openDeal } from "./deal.ts";

/** Who complains of whom; the complainer is the deal's recipient. */
export interface ComplaintStatement {
  readonly route: DealRoute;
  /** E_i of the complainer. */
  readonly trusteeTransport: Point;
  /** E_k of the dealer. */
  readonly dealerTransport: Point;
}

export interface Complaint {
  /** D = e_i E_k. */
  readonly point: Bytes;
  readonly proof: Bytes;
}

/** Makes a complaint with the complainer's transport secret; `random` is 32 fresh bytes. */
export function makeComplaint(
  statement: ComplaintStatement,
  transport: Scalar,
  random: Bytes,
): Complaint {
  const point = encodePoint(multiply(statement.dealerTransport, transport));
  const transcript = begin(statement, point);
  const nonce = drawNonce(transport, random, transcript.digest(), 0);
  const c = finish(transcript, multiply(BASE, nonce), multiply(statement.dealerTransport, nonce));
  return { point, proof: join([c, reduce(nonce + c * transport)].map(encodeScalar)) };
}

/** Checks that D is the point which dealer and complainer share; gives D. */
export function checkComplaint(statement: ComplaintStatement, complaint: Complaint): Point {
  const { trusteeTransport, dealerTransport } = statement;
  if (complaint.proof.length !== 64) throw new InvalidComplaint("not 64 bytes");
  const { point, c, z } = decodeComplaint(complaint);
  const toBase = multiplyVartime(BASE, z).subtract(multiplyVartime(trusteeTransport, c));
  const toDealer = multiplyVartime(dealerTransport, z).subtract(multiplyVartime(point, c));
  if (finish(begin(statement, complaint.point), toBase, toDealer) !== c) {
    throw new InvalidComplaint("the proof of the complaint does not hold");
  }
  return point;
}

/** The index of the trustee at fault: the dealer where its deal is bad, else the complainer. */
export function judgeComplaint(
  route: DealRoute,
  shared: Point,
  deal: Bytes,
  dealerPoints: readonly Point[],
): number {
  try {
    openDeal(route, shared, deal, dealerPoints);
    return route.recipient;
  } catch (error) {
    if (error instanceof InvalidDeal) return route.dealer;
    throw error;
  }
}

function decodeComplaint(complaint: Complaint): { point: Point; c: Scalar; z: Scalar } {
  try {
    return {
      point: decodeNonidentity(complaint.point),
      c: decodeScalar(complaint.proof.subarray(0, 32)),
      z: decodeScalar(complaint.proof.subarray(32)),
    };
  } catch (error) {
    if (error instanceof InvalidPoint || error instanceof InvalidScalar) {
      throw new InvalidComplaint(error.message);
    }
    throw error;
  }
}

function begin(statement: ComplaintStatement, point: Bytes): Transcript {
  const { route, trusteeTransport, dealerTransport } = statement;
  const transcript = new Transcript("complaint");
  transcript.absorb(
    "statement",
    route.attempt.ceremonyId,
    u32(route.recipient),
    u32(route.dealer),
    encodePoint(trusteeTransport),
    encodePoint(dealerTransport),
    point,
  );
  return transcript;
}

function finish(transcript: Transcript, toBase: Point, toDealer: Point): Scalar {
  transcript.absorb("nonces", encodePoint(toBase), encodePoint(toDealer));
  return transcript.challenge("c");
}
