/** Frames (2.1) and the hashes over them (2.2, 2.4, 3). */

import { sha256 as nobleSha256, sha512 as nobleSha512 } from "@noble/hashes/sha2.js";
import { randomBytes as systemRandom } from "@noble/hashes/utils.js";
import { type Bytes, join, u32, wipe } from "./encoding/bytes.ts";
import { ascii } from "./encoding/text.ts";
import { type Point, mapToPoint } from "./group/point.ts";
import { type Scalar, encodeScalar, wide } from "./group/scalar.ts";
import { LABEL_PREFIX, type Label } from "./labels.ts";

export const HASH_BYTES = 32;

/** Frames a label and its parts so that no two lists of parts give the same bytes. */
export function frame(label: Label, ...parts: readonly Bytes[]): Bytes {
  const pieces: Bytes[] = [];
  for (const part of [ascii(LABEL_PREFIX + label), ...parts]) pieces.push(u32(part.length), part);
  return join(pieces);
}

export function sha256(bytes: Bytes): Bytes {
  return nobleSha256(bytes);
}

export function sha512(bytes: Bytes): Bytes {
  return nobleSha512(bytes);
}

/** Hashes to a scalar. Its own buffers are overwritten, because secrets are made with it too. */
export function toScalar(label: Label, ...parts: readonly Bytes[]): Scalar {
  const framed = frame(label, ...parts);
  const digest = sha512(framed);
  const scalar = wide(digest);
  wipe(framed, digest);
  return scalar;
}

export function toPoint(label: Label, ...parts: readonly Bytes[]): Point {
  return mapToPoint(sha512(frame(label, ...parts)));
}

/** Draws 32 bytes from the system. */
export function freshBytes(): Bytes {
  return systemRandom(32);
}

/**
 * Draws one nonce of a proof or signature.
 *
 * @param secret what the nonce hides.
 * @param random 32 fresh bytes of the system, the same for all nonces of one proof.
 * @param digest SHA-512 of the frames that the challenge will cover so far.
 * @param number the nonce's number in this proof, from 0.
 * @see protocol.md 2.4
 */
export function drawNonce(secret: Scalar, random: Bytes, digest: Bytes, number: number): Scalar {
  const secretBytes = encodeScalar(secret);
  const nonce = toScalar("nonce", secretBytes, random, join([digest, u32(number)]));
  wipe(secretBytes);
  return nonce;
}
