/** A gateway's promise to bring an entry into the log (9.7). */

import { type Bytes, isEqual, u64 } from "../encoding/bytes.ts";
import { type CborValue, encodeCbor } from "../encoding/cbor.ts";
import { InvalidPromise, NotCanonical } from "../errors.ts";
import { decodeExactly, digest, fields, sizedBytes, uint } from "../entries/schema.ts";
import { frame, sha256 } from "../hash.ts";
import { hasSignature } from "../signatures/ed25519.ts";

export interface GatewayPromise {
  readonly ledgerId: Bytes;
  readonly entryHash: Bytes;
  /** The log's size when the promise was given. */
  readonly size: bigint;
  /** The block time until which the entry is in the log. */
  readonly timeUnixS: bigint;
  readonly gateway: Bytes;
  readonly signature: Bytes;
}

/** A promise with the entry that it is about. */
export interface PromiseFile {
  readonly promise: GatewayPromise;
  readonly entry: Bytes;
}

const promiseSchema = fields({
  ledgerId: [0, digest],
  entryHash: [1, digest],
  size: [2, uint],
  timeUnixS: [3, uint],
  gateway: [4, digest],
  signature: [5, sizedBytes(64, 64)],
});

const ENTRY_BYTES_MAX = 65_535;
const fileSchema = fields({
  promise: [0, sizedBytes(1, ENTRY_BYTES_MAX)],
  entry: [1, sizedBytes(1, ENTRY_BYTES_MAX)],
});

/** Reads a promise's form. */
export function readPromise(bytes: Bytes): GatewayPromise {
  return refuseAsPromise(() => decodeExactly(promiseSchema, bytes));
}

/** Checks a promise: of this ledger, of a listed gateway, and signed by it. */
export function checkPromise(
  promise: GatewayPromise,
  ledgerId: Bytes,
  gateways: readonly Bytes[],
): void {
  if (!isEqual(promise.ledgerId, ledgerId)) throw new InvalidPromise("of another ledger");
  if (!gateways.some((gateway) => isEqual(gateway, promise.gateway))) {
    throw new InvalidPromise("the gateway is not listed");
  }
  if (!hasSignature(promise.gateway, promiseMessage(promise), promise.signature)) {
    throw new InvalidPromise("the signature does not hold");
  }
}

/** Reads a promise file; the promise must be about the entry beside it. */
export function readPromiseFile(bytes: Bytes): PromiseFile {
  const file = refuseAsPromise(() => decodeExactly(fileSchema, bytes));
  const promise = readPromise(file.promise);
  if (!isEqual(promise.entryHash, sha256(file.entry))) {
    throw new InvalidPromise("the promise is about another entry");
  }
  return { promise, entry: file.entry };
}

/** Writes a promise file from the bytes of a promise and of its entry. */
export function encodePromiseFile(promise: Bytes, entry: Bytes): Bytes {
  const map: CborValue = new Map([
    [0, promise],
    [1, entry],
  ]);
  return encodeCbor(map);
}

function promiseMessage({ ledgerId, entryHash, size, timeUnixS }: GatewayPromise): Bytes {
  return frame("promise", ledgerId, entryHash, u64(size), u64(timeUnixS));
}

function refuseAsPromise<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotCanonical) throw new InvalidPromise(error.message);
    throw error;
  }
}
