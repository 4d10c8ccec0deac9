/** Schnorr signatures over ristretto255, with the challenge that each use defines (2.5). */

import { type Bytes, isEqual, join } from "../encoding/bytes.ts";
import { InvalidSignature } from "../errors.ts";
import {
  BASE,
  type Point,
  decodePoint,
  encodePoint,
  multiply,
  multiplyVartime,
} from "../group/point.ts";
import { type Scalar, decodeScalar, encodeScalar, reduce } from "../group/scalar.ts";
import type { Sum } from "../group/sums.ts";
import { drawNonce, frame, sha512, toScalar } from "../hash.ts";
import type { Label } from "../labels.ts";

/** What a signature is about: the challenge is to_scalar(label, R, X, parts...). */
export interface Statement {
  readonly label: Label;
  readonly parts: readonly Bytes[];
}

/** A signature whose parts decode; whether it holds is judged elsewhere. */
export interface SchnorrSignature {
  readonly nonce: Point;
  readonly challenge: Scalar;
  readonly response: Scalar;
}

/**
 * Signs.
 *
 * @param secret x, with public X = x g; not zero.
 * @param random 32 fresh bytes of the system.
 */
export function signSchnorr(secret: Scalar, random: Bytes, statement: Statement): Bytes {
  const key = encodePoint(multiply(BASE, secret));
  const digest = sha512(frame(statement.label, key, ...statement.parts));
  const nonce = drawNonce(secret, random, digest, 0);
  const noncePoint = encodePoint(multiply(BASE, nonce));
  const challenge = toScalar(statement.label, noncePoint, key, ...statement.parts);
  return join([noncePoint, encodeScalar(reduce(nonce + challenge * secret))]);
}

/** Decodes a signature by the key with the encoding `key`, and recomputes its challenge. */
export function readSchnorr(key: Bytes, statement: Statement, bytes: Bytes): SchnorrSignature {
  if (bytes.length !== 64) throw new InvalidSignature("not 64 bytes");
  const noncePoint = bytes.subarray(0, 32);
  return {
    nonce: decodePoint(noncePoint),
    challenge: toScalar(statement.label, noncePoint, key, ...statement.parts),
    response: decodeScalar(bytes.subarray(32)),
  };
}

/** Whether s g = R + c X. */
export function hasSchnorr(key: Point, signature: SchnorrSignature): boolean {
  const left = multiplyVartime(BASE, signature.response);
  const right = signature.nonce.add(multiplyVartime(key, signature.challenge));
  return isEqual(encodePoint(left), encodePoint(right));
}

/** The equation s g = R + c X as a sum that must vanish. */
export function signatureSum(key: Point, signature: SchnorrSignature): Sum {
  return [
    [signature.response, BASE],
    [reduce(-1n), signature.nonce],
    [reduce(-signature.challenge), key],
  ];
}
