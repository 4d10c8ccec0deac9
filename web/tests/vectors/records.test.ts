import { describe, expect, test } from "vitest";
import { decodeBase64 } from "../../src/crypto/encoding/base64.ts";
import { join } from "../../src/crypto/encoding/bytes.ts";
import type { RecordFiles } from "../../src/crypto/record/files.ts";
import { type Report, verifyRecord } from "../../src/crypto/record/verify.ts";
import { Vector, asText, load } from "./load.ts";

function filesOf(vector: Vector): Map<string, Uint8Array> {
  const files = vector.vector("files");
  return new Map(files.keys().map((path) => [path, decodeBase64(files.text(path))]));
}

/** The record that a broken one is changed from, with its changes made one after the other. */
function changedFiles(vector: Vector, records: readonly Vector[]): RecordFiles {
  const record = records.find((one) => one.name === vector.text("record"));
  if (record === undefined) throw new TypeError("no such record");
  const files = filesOf(record);
  for (const change of vector.vectors("changes")) applyChange(files, change);
  return files;
}

function applyChange(files: Map<string, Uint8Array>, change: Vector): void {
  const path = change.text("path");
  if (change.has("create")) {
    files.set(path, decodeBase64(change.text("create")));
    return;
  }
  const bytes = files.get(path);
  if (bytes === undefined) throw new TypeError(`${path} is not there`);
  if (change.has("delete")) files.delete(path);
  else if (change.has("rename")) {
    files.delete(path);
    files.set(change.text("rename"), bytes);
  } else if (change.has("xor")) {
    const at = change.number("offset");
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ change.number("xor");
    files.set(path, changed);
  } else {
    const [at, removed] = [change.number("offset"), change.number("remove")];
    const inserted = decodeBase64(change.text("insert"));
    files.set(path, join([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]));
  }
}

function plain({ valid, election, phase, result }: Report): unknown {
  const totals = Object.entries(result).map(([contest, options]) => [
    contest,
    Object.fromEntries(Object.entries(options).map(([id, total]) => [id, Number(total)])),
  ]);
  return { valid, election, phase, result: Object.fromEntries(totals) as unknown };
}

describe.each([
  ["record", "records_bad"],
  ["consortium_records", "consortium_bad"],
])("%s", (good, bad) => {
  test.each(load(good).map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const report = verifyRecord(filesOf(vector));
    expect(report.failures).toEqual([]);
    expect(plain(report)).toEqual(vector.any("report"));
  });

  const records = load(good);
  test.each(load(bad).map((v) => [v.name, v] as const))("refused: %s", (_name, vector) => {
    const report = verifyRecord(changedFiles(vector, records));
    const found = report.failures.map(({ check, entry }) => ({ check, entry }));
    const expected = { check: asText(vector.any("check")), entry: vector.any("entry") };
    expect(report.valid).toBe(false);
    expect(found).toContainEqual(expected);
    if (vector.boolean("only")) expect(found).toEqual([expected]);
  });
});
