/** Small readers that give CBOR values their types, and from which schemas are built (9.2). */

import { type Bytes, isEqual } from "../encoding/bytes.ts";
import { type CborMap, type CborValue, decodeCbor, encodeCbor } from "../encoding/cbor.ts";
import { countCodePoints, hasControls } from "../encoding/text.ts";
import { NotCanonical } from "../errors.ts";

/** Reads one value, or refuses it as not of the schema. */
export type Reader<T> = (value: CborValue) => T;
export type Read<R> = R extends Reader<infer T> ? T : never;

/** A field's number in its map, and its reader. */
type Field<T> = readonly [key: number, reader: Reader<T>];
type FieldsOf<S> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };

/** Decodes bytes by a schema, encodes again and compares. */
export function decodeExactly<T>(reader: Reader<T>, bytes: Bytes): T {
  const value = decodeCbor(bytes);
  const read = reader(value);
  if (!isEqual(encodeCbor(value), bytes)) throw new NotCanonical("not the canonical encoding");
  return read;
}

/** A map with exactly these fields. */
export function fields<const S extends Readonly<Record<string, Field<unknown>>>>(
  spec: S,
): Reader<FieldsOf<S>> {
  const entries = Object.entries(spec);
  return (value) => {
    const map = asMap(value);
    if (map.size !== entries.length) throw new NotCanonical("a field is missing or not known");
    const read = entries.map(([name, [key, reader]]) => [name, reader(fieldOf(map, key))]);
    return Object.fromEntries(read) as FieldsOf<S>;
  };
}

/** An array of exactly these items. */
export function tuple<const S extends readonly Reader<unknown>[]>(
  ...readers: S
): Reader<{ readonly [I in keyof S]: Read<S[I]> }> {
  return (value) => {
    const items = asArray(value);
    if (items.length !== readers.length) throw new NotCanonical("an array of another length");
    const read = readers.map((reader, i) => reader(items[i] ?? null));
    return read as unknown as { readonly [I in keyof S]: Read<S[I]> };
  };
}

/** An array of `least` to `most` items of one kind. */
export function list<T>(reader: Reader<T>, least: number, most: number): Reader<readonly T[]> {
  return (value) => {
    const items = asArray(value);
    if (items.length < least || items.length > most) throw new NotCanonical("too few or too many");
    return items.map(reader);
  };
}

/** An integer of 0..2^63-1. */
export const uint: Reader<bigint> = (value) => {
  if (typeof value !== "bigint") throw new NotCanonical("not an integer");
  return value;
};

/** An integer of least..most, small enough for a number. */
export function uintOf(least: number, most: number): Reader<number> {
  return (value) => {
    const integer = uint(value);
    if (integer < BigInt(least) || integer > BigInt(most)) throw new NotCanonical("out of range");
    return Number(integer);
  };
}

/** An integer from 1. */
export const positive: Reader<bigint> = (value) => {
  const integer = uint(value);
  if (integer < 1n) throw new NotCanonical("0 where numbers begin with 1");
  return integer;
};

/** A byte string of `least` to `most` bytes. */
export function sizedBytes(least: number, most: number): Reader<Bytes> {
  return (value) => {
    if (!(value instanceof Uint8Array)) throw new NotCanonical("not a byte string");
    if (value.length < least || value.length > most) throw new NotCanonical("another length");
    return value;
  };
}

export const digest = sizedBytes(32, 32);
export const proof = sizedBytes(64, 64);

/** Text of 1..most code points without control characters. */
export function sizedText(most: number): Reader<string> {
  return (value) => {
    if (typeof value !== "string") throw new NotCanonical("not a text");
    const length = countCodePoints(value);
    if (length < 1 || length > most) throw new NotCanonical("a text too short or too long");
    if (hasControls(value)) throw new NotCanonical("a text with a control character");
    return value;
  };
}

export function asMap(value: CborValue): CborMap {
  if (!(value instanceof Map)) throw new NotCanonical("not a map");
  return value as CborMap;
}

function asArray(value: CborValue): readonly CborValue[] {
  if (!Array.isArray(value)) throw new NotCanonical("not an array");
  return value as readonly CborValue[];
}

export function fieldOf(map: CborMap, key: number): CborValue {
  const value = map.get(key);
  if (value === undefined) throw new NotCanonical("a field is missing");
  return value;
}
