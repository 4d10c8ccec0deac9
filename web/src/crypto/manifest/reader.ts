/** Small readers that give the manifest's JSON values their types (4). */

import { fromHex } from "../encoding/bytes.ts";
import type { Bytes } from "../encoding/bytes.ts";
import { type JsonObject, type JsonValue, isArray } from "../encoding/json.ts";
import { countCodePoints } from "../encoding/text.ts";
import { InvalidManifest } from "../errors.ts";

/** Text by language tag. */
export type Text = ReadonlyMap<string, string>;

const LANGUAGES_MAX = 8;
export const NUMBER_MAX = 2 ** 48 - 1;

export function refuse(what: string): never {
  throw new InvalidManifest(what);
}

/** An object with exactly these keys. */
export function readObject(value: JsonValue | undefined, keys: readonly string[]): JsonObject {
  const object = anyObject(value);
  const present = Object.keys(object);
  if (present.length !== keys.length || !keys.every((key) => Object.hasOwn(object, key))) {
    refuse("an object without exactly its keys");
  }
  return object;
}

function anyObject(value: JsonValue | undefined): JsonObject {
  if (typeof value !== "object" || value === null || isArray(value)) refuse("not an object");
  return value;
}

export function readList(
  value: JsonValue | undefined,
  least: number,
  most: number,
): readonly JsonValue[] {
  if (typeof value !== "object" || value === null || !isArray(value)) refuse("not an array");
  if (value.length < least || value.length > most) refuse("an array too short or too long");
  return value;
}

export function readInteger(value: JsonValue | undefined, least: number, most: number): number {
  if (typeof value !== "number" || value < least || value > most) refuse("no integer in its range");
  return value;
}

export function readBoolean(value: JsonValue | undefined): boolean {
  if (typeof value !== "boolean") refuse("neither true nor false");
  return value;
}

/** A string of `least` to `most` code points. */
export function readString(value: JsonValue | undefined, least: number, most: number): string {
  if (typeof value !== "string") refuse("not a string");
  const length = countCodePoints(value);
  if (length < least || length > most) refuse("a string too short or too long");
  return value;
}

/** One of the words allowed. */
export function readWord<const W extends string>(
  value: JsonValue | undefined,
  words: readonly W[],
): W {
  return words.find((word) => word === value) ?? refuse("not one of the words allowed here");
}

export function readId(value: JsonValue | undefined): string {
  if (typeof value !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)) {
    refuse("not an id");
  }
  return value;
}

/** 64 hex digits. */
export function readHex32(value: JsonValue | undefined): Bytes {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) refuse("not 64 hex digits");
  return fromHex(value);
}

/** A text: strings of 1 to `most` characters for at least `least` languages. */
export function readText(value: JsonValue | undefined, least: number, most: number): Text {
  const entries = Object.entries(anyObject(value));
  if (entries.length < least || entries.length > LANGUAGES_MAX) refuse("too few or many languages");
  return new Map(
    entries.map(([language, text]) => {
      if (!/^[a-z]{2,3}$/.test(language)) refuse("not a language tag");
      return [language, readString(text, 1, most)];
    }),
  );
}

export function readTitle(value: JsonValue | undefined): Text {
  return readText(value, 1, 500);
}

/** Numbers of 0..end-1 that ascend strictly. */
export function readAscending(
  value: JsonValue | undefined,
  least: number,
  end: number,
): readonly number[] {
  const numbers = readList(value, least, end).map((item) => readInteger(item, 0, end - 1));
  numbers.forEach((number, i) => {
    if (i > 0 && number <= (numbers[i - 1] ?? 0)) refuse("numbers that do not ascend");
  });
  return numbers;
}

export function requireDistinct(ids: readonly string[]): void {
  if (new Set(ids).size !== ids.length) refuse("something stands twice");
}
