/** Reads the shared test vectors and gives their fields types. */

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fromHex } from "../../src/crypto/encoding/bytes.ts";

const FOLDER = fileURLToPath(new URL("../../../vectors/", import.meta.url));

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const parseExactly = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** Integers past 2^53 become `bigint`, so that none is rounded. */
function exact(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return BigInt(context.source ?? "");
}

/** The names of all vector files, without `.json`. */
export function vectorFiles(): string[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return files.map((name) => name.slice(0, -".json".length)).sort();
}

export function load(file: string): Vector[] {
  const list = parseExactly(readFileSync(`${FOLDER}${file}.json`, "utf8"), exact);
  if (!Array.isArray(list)) throw new TypeError(`${file} is not a list`);
  return list.map((fields: unknown) => new Vector(fields));
}

export function loadKind(file: string, kind: string): Vector[] {
  return load(file).filter((vector) => vector.has("kind") && vector.text("kind") === kind);
}

/** One object of a vector file; each reader throws where the field has another type. */
export class Vector {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(fields: unknown) {
    if (typeof fields !== "object" || fields === null) throw new TypeError("not an object");
    this.fields = fields as Readonly<Record<string, unknown>>;
  }

  get name(): string {
    return this.text("name");
  }

  get code(): number {
    return this.has("code") ? this.number("code") : 0;
  }

  has(field: string): boolean {
    return field in this.fields;
  }

  keys(): string[] {
    return Object.keys(this.fields);
  }

  any(field: string): unknown {
    return this.fields[field];
  }

  text(field: string): string {
    return asText(this.fields[field]);
  }

  number(field: string): number {
    return asNumber(this.fields[field]);
  }

  integer(field: string): bigint {
    return asInteger(this.fields[field]);
  }

  boolean(field: string): boolean {
    const value = this.fields[field];
    if (typeof value !== "boolean") throw new TypeError(`${field} is not a boolean`);
    return value;
  }

  bytes(field: string): Uint8Array {
    return fromHex(this.text(field));
  }

  list(field: string): unknown[] {
    return asList(this.fields[field]);
  }

  bytesList(field: string): Uint8Array[] {
    return this.list(field).map(asBytes);
  }

  vectors(field: string): Vector[] {
    return this.list(field).map((item) => new Vector(item));
  }

  vector(field: string): Vector {
    return new Vector(this.fields[field]);
  }
}

export function asText(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

export function asBytes(value: unknown): Uint8Array {
  return fromHex(asText(value));
}

export function asNumber(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("not a number");
  return value;
}

export function asInteger(value: unknown): bigint {
  return typeof value === "bigint" ? value : BigInt(asNumber(value));
}

export function asList(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value as unknown[];
}
