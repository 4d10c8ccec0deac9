/** The little of protobuf's encoding that the consensus engine's hashes and votes need (9.8). */

import { type Bytes, join } from "../encoding/bytes.ts";

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;

/** An unsigned integer in groups of seven bits, least significant first. */
export function varint(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}

function tag(field: number, type: number): Bytes {
  return Uint8Array.of((field << 3) | type);
}

/** An integer field; zero is left out. */
export function integerField(field: number, value: bigint): Bytes {
  return value === 0n ? new Uint8Array() : join([tag(field, VARINT), varint(value)]);
}

/** An integer field of 8 bytes, little-endian; zero is left out. */
export function fixedField(field: number, value: bigint): Bytes {
  if (value === 0n) return new Uint8Array();
  const bytes = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
  return join([tag(field, FIXED64), Uint8Array.from(bytes)]);
}

/** A field of bytes; an empty one is left out. */
export function bytesField(field: number, value: Bytes): Bytes {
  return value.length === 0 ? value : messageField(field, value);
}

/** A field that holds a message and is there even where the message is empty. */
export function messageField(field: number, message: Bytes): Bytes {
  return join([tag(field, DELIMITED), varint(BigInt(message.length)), message]);
}

/** A point in time. */
export function timestamp(seconds: bigint, nanoseconds: bigint): Bytes {
  return join([integerField(1, seconds), integerField(2, nanoseconds)]);
}

/** A block's hash with the number and hash of its parts. */
export function blockId(hash: Bytes, parts: bigint, partsHash: Bytes): Bytes {
  const header = join([integerField(1, parts), bytesField(2, partsHash)]);
  return join([bytesField(1, hash), messageField(2, header)]);
}
