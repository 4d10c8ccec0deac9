/** Round 3: each trustee deals its shares to every other one, encrypted (7). */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, join, splitEvenly, u32, wipe } from "../encoding/bytes.ts";
import { InvalidDeal, InvalidScalar } from "../errors.ts";
import {
  BASE,
  IDENTITY,
  type Point,
  encodePoint,
  multiply,
  multiplyVartime,
} from "../group/point.ts";
import { type Scalar, decodeScalar, encodeScalar } from "../group/scalar.ts";
import { frame } from "../hash.ts";
import type { Attempt } from "./ids.ts";
import { type TrusteeSecrets, evaluate } from "./seed.ts";

const TAG_BYTES = 16;
const NONCE = new Uint8Array(12);

/** From whom to whom a deal goes, in which attempt. */
export interface DealRoute {
  readonly attempt: Attempt;
  readonly dealer: number;
  readonly recipient: number;
}

/** How many bytes a deal has. */
export function dealBytes(slots: number): number {
  return 32 * slots + TAG_BYTES;
}

/** The point e_k E_i that dealer and recipient share. */
export function sharedPoint(secret: Scalar, otherTransport: Point): Point {
  return multiply(otherTransport, secret);
}

/** Encrypts the shares f_k1(i)..f_km(i). */
export function makeDeal(
  route: DealRoute,
  secrets: TrusteeSecrets,
  recipientTransport: Point,
): Bytes {
  const shares = secrets.coefficients.map((slot) => evaluate(slot, route.recipient));
  const plain = join(shares.map(encodeScalar));
  const key = dealKey(route, sharedPoint(secrets.transport, recipientTransport));
  const deal = chacha20poly1305(key, NONCE).encrypt(plain);
  wipe(plain, key);
  return deal;
}

/**
 * Opens a deal and holds it against the dealer's points.
 *
 * @param shared e_k E_i, or the D of a complaint.
 * @param points C_kjd of the dealer, slot after slot.
 * @returns the shares f_kj(i) of all slots.
 */
export function openDeal(
  route: DealRoute,
  shared: Point,
  deal: Bytes,
  points: readonly Point[],
): Scalar[] {
  const shares = decryptDeal(route, shared, deal);
  shares.forEach((share, j) => {
    const { threshold } = route.attempt;
    const slot = points.slice(j * threshold, (j + 1) * threshold);
    if (!multiply(BASE, share).equals(evaluatePoints(slot, route.recipient))) {
      throw new InvalidDeal(`the deal of trustee ${route.dealer} does not fit its points`);
    }
  });
  return shares;
}

/** Decrypts a deal without holding it against the dealer's points. */
export function decryptDeal(route: DealRoute, shared: Point, deal: Bytes): Scalar[] {
  const { attempt, dealer } = route;
  if (deal.length !== dealBytes(attempt.slots)) throw new InvalidDeal("not the deal's length");
  const key = dealKey(route, shared);
  let plain: Bytes;
  try {
    plain = chacha20poly1305(key, NONCE).decrypt(deal);
  } catch {
    throw new InvalidDeal(`the deal of trustee ${dealer} does not open`);
  } finally {
    wipe(key);
  }
  try {
    return splitEvenly(plain, 32).map(decodeScalar);
  } catch (error) {
    if (error instanceof InvalidScalar) throw new InvalidDeal(error.message);
    throw error;
  } finally {
    wipe(plain);
  }
}

/** sum_d i^d C_d, by Horner's rule. */
export function evaluatePoints(points: readonly Point[], index: number): Point {
  return points.reduceRight(
    (sum, point) => multiplyVartime(sum, BigInt(index)).add(point),
    IDENTITY,
  );
}

function dealKey({ attempt, dealer, recipient }: DealRoute, shared: Point): Bytes {
  const secret = encodePoint(shared);
  const info = frame("deal", attempt.ceremonyId, u32(dealer), u32(recipient));
  const key = hkdf(sha512, secret, undefined, info, 32);
  wipe(secret);
  return key;
}
