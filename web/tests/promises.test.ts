import { describe, expect, test } from "vitest";
import { decodeBase64 } from "../src/crypto/encoding/base64.ts";
import { KIND } from "../src/crypto/entries/bodies.ts";
import { type Cast, decodeEntry, encodeCast } from "../src/crypto/entries/entry.ts";
import { entryHash } from "../src/crypto/identities.ts";
import type { GatewayPromise } from "../src/crypto/log/promise.ts";
import { readRecord } from "../src/crypto/record/files.ts";
import { Findings } from "../src/crypto/record/findings.ts";
import { type TimedContents, type Verdict, judgePromise } from "../src/crypto/record/promises.ts";
import { verifyRecord } from "../src/crypto/record/verify.ts";
import { load } from "./vectors/load.ts";

const LATER = 1n << 40n;

function voting(): { files: Map<string, Uint8Array>; contents: TimedContents } {
  const vector = load("record").find((one) => one.name === "still voting");
  if (vector === undefined) throw new TypeError("no such record");
  const texts = vector.vector("files");
  const files = new Map(texts.keys().map((path) => [path, decodeBase64(texts.text(path))]));
  const contents = readRecord(files, new Findings());
  if (contents === null) throw new TypeError("the record does not read");
  return { files, contents: { ...contents, timeUnixS: contents.blocks.at(-1)?.timeUnixS ?? 0n } };
}

const { files, contents } = voting();
const { entries, blocks } = contents;
const kinds = entries.map((bytes) => decodeEntry(bytes).kind);
const openIndex = kinds.indexOf(KIND.open);
const castIndex = kinds.lastIndexOf(KIND.cast);
const castBytes = entries[castIndex] ?? new Uint8Array();
const cast = decodeEntry(castBytes) as Cast;
/** The block before the one of the ballot: a promise of its time was due there. */
const early = blocks.findLast(({ size }) => size <= BigInt(castIndex));
const earlyTime = early?.timeUnixS ?? 0n;

function verdict(entry: Uint8Array, size: number, timeUnixS: bigint): Verdict {
  const nothing = new Uint8Array(32);
  const promise: GatewayPromise = {
    ledgerId: nothing,
    entryHash: entryHash(entry),
    size: BigInt(size),
    timeUnixS,
    gateway: nothing,
    signature: nothing,
  };
  return judgePromise(contents, cast.scope, promise, entry);
}

describe("a promise about a ballot", () => {
  test("is kept where the ballot is in the log in time", () => {
    expect(verdict(castBytes, castIndex, contents.timeUnixS)).toBe("kept");
    expect(verdict(castBytes, castIndex, LATER)).toBe("kept");
  });

  test("is broken where the ballot came late although every rule took it", () => {
    const end = Number(early?.size ?? 0n);
    expect(end).toBeGreaterThan(openIndex + 1);
    expect(verdict(castBytes, openIndex + 1, earlyTime)).toBe("broken");
    expect(verdict(castBytes, end, earlyTime)).toBe("broken");
    expect(verdict(castBytes, end + 1, earlyTime)).toBe("broken");
  });

  test("is void where some position refused it", () => {
    expect(verdict(castBytes, openIndex, earlyTime)).toBe("void");
    const { signature } = cast;
    const forged = encodeCast({ ...cast, sequence: cast.sequence + 1n, signature });
    expect(verdict(forged, castIndex, contents.timeUnixS)).toBe("void");
  });

  test("is open until its time, and where the log ends before its size", () => {
    const other = encodeCast({ ...cast, sequence: cast.sequence + 1n });
    expect(verdict(other, castIndex, LATER)).toBe("open");
    expect(verdict(other, entries.length + 1, contents.timeUnixS)).toBe("open");
  });

  test("of another election is not judged", () => {
    const other = encodeCast({ ...cast, scope: new Uint8Array(32).fill(7) });
    expect(verdict(other, castIndex, contents.timeUnixS)).toBe("not judged");
  });
});

describe("a promise about an act of the ledger", () => {
  const gatewayIndex = kinds.indexOf(KIND.gateway);
  const gateway = entries[gatewayIndex] ?? new Uint8Array();
  const before = blocks.findLast(({ size }) => size <= BigInt(gatewayIndex));

  test("is broken where it came late", () => {
    const size = Number(before?.size ?? 0n);
    expect(verdict(gateway, size, before?.timeUnixS ?? 0n)).toBe("broken");
  });
});

describe("a promise file beside a record", () => {
  test("that is malformed fails C25 alone", () => {
    const promises = new Map([["torn", Uint8Array.of(1)]]);
    const { failures } = verifyRecord(files, { promises });
    expect(failures.map(({ check, entry }) => ({ check, entry }))).toEqual([
      { check: "C25", entry: null },
    ]);
  });
});

describe("a record", () => {
  test("without entries or blocks is not valid", () => {
    expect(verifyRecord(new Map()).valid).toBe(false);
    const emptied = new Map(files);
    emptied.set("blocks", new Uint8Array());
    expect(verifyRecord(emptied).valid).toBe(false);
  });

  test("of an election that is not announced fails C09", () => {
    const { failures } = verifyRecord(files, { election: new Uint8Array(32) });
    expect(failures).toContainEqual({
      check: "C09",
      entry: null,
      why: "the election is not announced",
    });
  });
});
