/** Ed25519 under the one rule of 2.5: what a party's key may be, and which signatures hold. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, isEqual, join } from "../encoding/bytes.ts";
import { InvalidKey, InvalidScalar, InvalidSignature } from "../errors.ts";
import { decodeScalar, wide } from "../group/scalar.ts";
import { sha512 } from "../hash.ts";

export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

type EdwardsPoint = InstanceType<typeof ed25519.Point>;

/** Checks rules 1 and 2: a canonical point of the large prime order. */
export function checkKey(key: Bytes): void {
  decodeKey(key);
}

/** Whether a key is lawful by rules 1 and 2. */
export function isKey(key: Bytes): boolean {
  try {
    checkKey(key);
    return true;
  } catch {
    return false;
  }
}

function decodeKey(key: Bytes): EdwardsPoint {
  let point: EdwardsPoint;
  try {
    point = ed25519.Point.fromBytes(key);
  } catch {
    throw new InvalidKey("the key is no point in canonical form");
  }
  if (point.is0() || !point.isTorsionFree()) throw new InvalidKey("the key's order is not l");
  return point;
}

/**
 * Checks a signature.
 *
 * @throws InvalidSignature also where it is the key that is refused.
 */
export function checkSignature(key: Bytes, message: Bytes, signature: Bytes): void {
  if (signature.length !== SIGNATURE_BYTES) throw new InvalidSignature("not 64 bytes");
  const nonce = signature.subarray(0, 32);
  let point: EdwardsPoint;
  let response: bigint;
  try {
    point = decodeKey(key);
    response = decodeScalar(signature.subarray(32));
  } catch (error) {
    if (error instanceof InvalidKey || error instanceof InvalidScalar) {
      throw new InvalidSignature(error.message);
    }
    throw error;
  }
  const challenge = wide(sha512(join([nonce, key, message])));
  const expected = ed25519.Point.BASE.multiplyUnsafe(response).subtract(
    point.multiplyUnsafe(challenge),
  );
  // The nonce is compared as bytes and never decoded.
  if (!isEqual(expected.toBytes(), nonce)) throw new InvalidSignature("it does not hold");
}

/** Whether a signature holds. */
export function hasSignature(key: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    checkSignature(key, message, signature);
    return true;
  } catch (error) {
    if (error instanceof InvalidSignature) return false;
    throw error;
  }
}

/** Signs with RFC 8032's 32-byte secret key. */
export function sign(secretKey: Bytes, message: Bytes): Bytes {
  return ed25519.sign(message, secretKey);
}

/** The public key of RFC 8032's 32-byte secret key. */
export function publicKey(secretKey: Bytes): Bytes {
  return ed25519.getPublicKey(secretKey);
}

/** Whether a validator's signature holds under ZIP 215, as the consensus engine judges it (9.8). */
export function hasValidatorSignature(key: Bytes, message: Bytes, signature: Bytes): boolean {
  if (key.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  return ed25519.verify(signature, message, key, { zip215: true });
}
