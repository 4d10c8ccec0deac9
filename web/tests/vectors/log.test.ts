import { describe, expect, test } from "vitest";
import { toHex } from "../../src/crypto/encoding/bytes.ts";
import { encodeUtf8 } from "../../src/crypto/encoding/text.ts";
import { KIND } from "../../src/crypto/entries/bodies.ts";
import { actMessage, decodeEntry, encodeAct, encodeCast } from "../../src/crypto/entries/entry.ts";
import { asMap, fieldOf } from "../../src/crypto/entries/schema.ts";
import { decodeCbor } from "../../src/crypto/encoding/cbor.ts";
import { entryHash } from "../../src/crypto/identities.ts";
import { checkBlockCosignature, readBlocks } from "../../src/crypto/log/blocks.ts";
import { checkOperatorLines, originOf, readCheckpoint } from "../../src/crypto/log/checkpoint.ts";
import { InvalidCheckpoint } from "../../src/crypto/errors.ts";
import { checkConsistency, checkInclusion, leafHash, rootOf } from "../../src/crypto/log/merkle.ts";
import {
  checkPromise,
  encodePromiseFile,
  readPromise,
  readPromiseFile,
} from "../../src/crypto/log/promise.ts";
import { recordPaths, tilePath } from "../../src/crypto/log/tiles.ts";
import { codeOf } from "./codes.ts";
import { type Vector, load, loadKind } from "./load.ts";

function each(file: string, kind: string): (readonly [string, Vector])[] {
  return loadKind(file, kind).map((vector) => [vector.name, vector] as const);
}

describe("Merkle tree", () => {
  test.each(each("merkle", "root"))("%s", (_name, vector) => {
    expect(toHex(rootOf(vector.bytesList("leaves")))).toBe(vector.text("root"));
  });
  test.each(each("merkle", "inclusion"))("%s", (_name, vector) => {
    const [index, size] = [vector.number("index"), vector.number("size")];
    const [leaf, root, proof] = [
      vector.bytes("leaf"),
      vector.bytes("root"),
      vector.bytesList("proof"),
    ];
    expect(
      codeOf(() => {
        checkInclusion(leaf, index, size, root, proof);
      }),
    ).toBe(vector.code);
  });
  test.each(each("merkle", "consistency"))("%s", (_name, vector) => {
    const old = { size: vector.number("old"), root: vector.bytes("old_root") };
    const next = { size: vector.number("new"), root: vector.bytes("new_root") };
    const proof = vector.bytesList("proof");
    expect(
      codeOf(() => {
        checkConsistency(old, next, proof);
      }),
    ).toBe(vector.code);
  });
  test.each(each("merkle", "tile path"))("%s", (_name, vector) => {
    const level = vector.any("level");
    const [number, width] = [vector.number("number"), vector.number("width")];
    const path = tilePath({
      level: level === "entries" ? level : vector.number("level"),
      number,
      width,
    });
    expect(path).toBe(vector.text("path"));
  });
  test.each(each("merkle", "record files"))("%s", (_name, vector) => {
    expect(recordPaths(vector.number("size"), false)).toEqual(vector.list("paths"));
  });
});

function genesisOf(vector: Vector): {
  origin: string;
  signingKey: Uint8Array;
  cosigningKey: Uint8Array;
} {
  const entry = decodeEntry(vector.bytes("genesis"));
  if (entry.kind !== KIND.genesis) throw new TypeError("not a genesis");
  const [operator] = entry.body.members;
  if (operator === undefined) throw new TypeError("no member");
  return { ...operator, origin: originOf(entry.body.random) };
}

describe("checkpoints and blocks", () => {
  test.each(each("checkpoints", "checkpoint"))("%s", (_name, vector) => {
    const genesis = genesisOf(vector);
    const check = (): { size: bigint; root: Uint8Array; time: bigint } => {
      const checkpoint = readCheckpoint(encodeUtf8(vector.text("text")));
      if (checkpoint.origin !== genesis.origin) throw new InvalidCheckpoint("of another log");
      return { ...checkpoint, time: checkOperatorLines(checkpoint, genesis) };
    };
    expect(codeOf(check)).toBe(vector.code);
    if (vector.code !== 0) return;
    const { size, root, time } = check();
    expect(size).toBe(vector.integer("size"));
    expect(toHex(root)).toBe(vector.text("root"));
    expect(time).toBe(vector.integer("timestamp"));
    expect(genesis.origin).toBe(vector.text("origin"));
  });
  test.each(each("checkpoints", "blocks"))("%s", (_name, vector) => {
    const genesis = genesisOf(vector);
    const bytes = encodeUtf8(vector.text("text"));
    const check = (): void => {
      for (const block of readBlocks(bytes)) {
        checkBlockCosignature(block, genesis.origin, genesis.cosigningKey);
      }
    };
    expect(codeOf(check)).toBe(vector.code);
    if (vector.code !== 0) return;
    const blocks = readBlocks(bytes).map(({ height, timeUnixS, size, root }) => [
      Number(height),
      Number(timeUnixS),
      Number(size),
      toHex(root),
    ]);
    expect(blocks).toEqual(vector.list("blocks"));
  });
  test.each(each("checkpoints", "promise"))("%s", (_name, vector) => {
    const [ledgerId, gateways] = [vector.bytes("ledger_id"), vector.bytesList("gateways")];
    const check = (): void => {
      checkPromise(readPromise(vector.bytes("bytes")), ledgerId, gateways);
    };
    expect(codeOf(check)).toBe(vector.code);
  });
  test.each(each("checkpoints", "promise file"))("%s", (_name, vector) => {
    const bytes = vector.bytes("bytes");
    expect(codeOf(() => readPromiseFile(bytes))).toBe(vector.code);
    if (vector.code !== 0) return;
    const promise = fieldOf(asMap(decodeCbor(bytes)), 0);
    if (!(promise instanceof Uint8Array)) throw new TypeError("no promise");
    expect(encodePromiseFile(promise, readPromiseFile(bytes).entry)).toEqual(bytes);
  });
});

describe("entries", () => {
  test.each(load("entries").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const bytes = vector.bytes("bytes");
    expect(codeOf(() => decodeEntry(bytes))).toBe(vector.code);
    if (vector.code !== 0) return;
    const entry = decodeEntry(bytes);
    expect(toHex(entryHash(bytes))).toBe(vector.text("hash"));
    expect(toHex(leafHash(bytes))).toBe(vector.text("leaf"));
    if (entry.kind === KIND.cast) {
      expect(encodeCast(entry)).toEqual(bytes);
      return;
    }
    expect(toHex(actMessage(vector.bytes("ledger_id"), entry))).toBe(vector.text("message"));
    expect(encodeAct(entry, decodeCbor(entry.bodyBytes))).toEqual(bytes);
  });
});
