/**
 * Deterministic CBOR in the subset of 2.6 (RFC 8949 section 4.2.1).
 *
 * Integers are read as `bigint`, because they may exceed 2^53. What `decodeCbor` accepts has one
 * encoding only: heads are in their shortest form, lengths definite, map keys ascending.
 */

import { NotCanonical } from "../errors.ts";
import { type Bytes, join, readUint, u32, u64 } from "./bytes.ts";
import { decodeUtf8, encodeUtf8 } from "./text.ts";

export type CborMap = ReadonlyMap<number, CborValue>;
export type CborValue = bigint | Bytes | string | boolean | null | readonly CborValue[] | CborMap;

export const UINT_MAX = (1n << 63n) - 1n;
const DEPTH_MAX = 8;
const KEY_MAX = 23n;

const UINT = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;

/** Decodes exactly one value that fills all of `bytes`. */
export function decodeCbor(bytes: Bytes): CborValue {
  const reader = new Reader(bytes);
  const value = reader.value(1);
  reader.finish();
  return value;
}

class Reader {
  private readonly bytes: Bytes;
  private at = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  finish(): void {
    if (this.at !== this.bytes.length) throw new NotCanonical("bytes after the value");
  }

  /** Reads a value; an array or map in it is at `depth` levels of nesting. */
  value(depth: number): CborValue {
    const { major, argument } = this.head();
    switch (major) {
      case UINT:
        if (argument > UINT_MAX) throw new NotCanonical("integer over 2^63-1");
        return argument;
      case BYTES:
        return this.take(argument).slice();
      case TEXT:
        return decodeUtf8(this.take(argument));
      case ARRAY:
        return this.array(argument, depth);
      case MAP:
        return this.map(argument, depth);
      case SIMPLE:
        return simple(argument);
      default:
        throw new NotCanonical("a negative integer or a tag");
    }
  }

  private head(): { major: number; argument: bigint } {
    const first = Number(readUint(this.take(1n)));
    const major = first >> 5;
    const low = first & 31;
    if (low < 24) return { major, argument: BigInt(low) };
    // Simple values never take a longer head here; 28 to 31 are reserved or indefinite.
    if (low > 27 || major === SIMPLE) throw new NotCanonical("a head that is not allowed");
    const width = 1n << BigInt(low - 24);
    const argument = readUint(this.take(width));
    const least = low === 24 ? 24n : 1n << (4n * width);
    if (argument < least) throw new NotCanonical("a head that is not the shortest");
    return { major, argument };
  }

  private take(length: bigint): Bytes {
    if (length > BigInt(this.bytes.length - this.at)) throw new NotCanonical("cut short");
    const start = this.at;
    this.at += Number(length);
    return this.bytes.subarray(start, this.at);
  }

  private nest(count: bigint, depth: number): void {
    if (depth > DEPTH_MAX) throw new NotCanonical("nested too deep");
    // Each item takes a byte at least, so a false length cannot make the loop long.
    if (count > BigInt(this.bytes.length - this.at)) throw new NotCanonical("cut short");
  }

  private array(count: bigint, depth: number): CborValue[] {
    this.nest(count, depth);
    const items: CborValue[] = [];
    for (let i = 0n; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }

  private map(count: bigint, depth: number): CborMap {
    this.nest(count, depth);
    const map = new Map<number, CborValue>();
    let last = -1;
    for (let i = 0n; i < count; i++) {
      const { major, argument } = this.head();
      if (major !== UINT || argument > KEY_MAX) throw new NotCanonical("a map key over 23");
      const key = Number(argument);
      if (key <= last) throw new NotCanonical("map keys that do not ascend");
      map.set(key, this.value(depth + 1));
      last = key;
    }
    return map;
  }
}

function simple(argument: bigint): boolean | null {
  if (argument === 20n) return false;
  if (argument === 21n) return true;
  if (argument === 22n) return null;
  throw new NotCanonical("a simple value that is not allowed");
}

/** Encodes a value of the subset; what `decodeCbor` read gives the same bytes. */
export function encodeCbor(value: CborValue): Bytes {
  const parts: Bytes[] = [];
  write(value, parts);
  return join(parts);
}

function write(value: CborValue, parts: Bytes[]): void {
  if (typeof value === "bigint") {
    if (value < 0n || value > UINT_MAX) throw new RangeError("integer out of 0..2^63-1");
    parts.push(head(UINT, value));
  } else if (typeof value === "boolean") {
    parts.push(head(SIMPLE, value ? 21n : 20n));
  } else if (value === null) {
    parts.push(head(SIMPLE, 22n));
  } else if (typeof value === "string") {
    const text = encodeUtf8(value);
    parts.push(head(TEXT, BigInt(text.length)), text);
  } else if (value instanceof Uint8Array) {
    parts.push(head(BYTES, BigInt(value.length)), value);
  } else if (isMap(value)) {
    parts.push(head(MAP, BigInt(value.size)));
    for (const [key, item] of [...value].sort(([a], [b]) => a - b)) {
      parts.push(head(UINT, BigInt(key)));
      write(item, parts);
    }
  } else {
    parts.push(head(ARRAY, BigInt(value.length)));
    for (const item of value) write(item, parts);
  }
}

function head(major: number, argument: bigint): Bytes {
  const first = major << 5;
  if (argument < 24n) return Uint8Array.of(first | Number(argument));
  if (argument < 1n << 8n) return Uint8Array.of(first | 24, Number(argument));
  if (argument < 1n << 16n) {
    return join([Uint8Array.of(first | 25), u32(Number(argument)).subarray(2)]);
  }
  if (argument < 1n << 32n) return join([Uint8Array.of(first | 26), u32(Number(argument))]);
  return join([Uint8Array.of(first | 27), u64(argument)]);
}

function isMap(value: readonly CborValue[] | CborMap): value is CborMap {
  return value instanceof Map;
}
