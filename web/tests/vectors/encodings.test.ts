import { describe, expect, test } from "vitest";
import { toHex } from "../../src/crypto/encoding/bytes.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../../src/crypto/encoding/cbor.ts";
import { decodeJson, encodeJson } from "../../src/crypto/encoding/json.ts";
import { codeOf } from "./codes.ts";
import { Vector, asBytes, asInteger, asList, load } from "./load.ts";

/** The CBOR value that a vector writes in JSON. */
export function cborOf(json: unknown): CborValue {
  if (json === null || typeof json === "boolean" || typeof json === "string") return json;
  if (typeof json === "number" || typeof json === "bigint") return BigInt(json);
  if (Array.isArray(json)) return json.map(cborOf);
  const object = new Vector(json);
  if (object.has("bytes")) return asBytes(object.any("bytes"));
  const pairs = object.list("map").map((pair): [number, CborValue] => {
    const [key, value] = asList(pair);
    return [Number(asInteger(key)), cborOf(value)];
  });
  return new Map(pairs);
}

describe("CBOR", () => {
  test.each(load("cbor").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    expect(codeOf(() => decodeCbor(vector.bytes("bytes")))).toBe(vector.code);
    if (vector.code !== 0) return;
    const value = decodeCbor(vector.bytes("bytes"));
    expect(value).toEqual(cborOf(vector.any("value")));
    expect(toHex(encodeCbor(value))).toBe(vector.text("bytes"));
  });
});

describe("JSON", () => {
  test.each(load("json").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    expect(codeOf(() => decodeJson(vector.bytes("bytes")))).toBe(vector.code);
    if (vector.code !== 0) return;
    const value = decodeJson(vector.bytes("bytes"));
    expect(JSON.parse(JSON.stringify(value))).toEqual(vector.any("value"));
    expect(toHex(encodeJson(value))).toBe(vector.text("bytes"));
  });
});
