import { describe, expect, test } from "vitest";
import { InvalidTotals, ProtocolError } from "../src/crypto/errors.ts";
import { decodeCbor, encodeCbor } from "../src/crypto/encoding/cbor.ts";
import { decodeBase64, encodeBase64 } from "../src/crypto/encoding/base64.ts";
import { u32 } from "../src/crypto/encoding/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../src/crypto/encoding/text.ts";
import { BASE, IDENTITY, multiplyVartime } from "../src/crypto/group/point.ts";
import { sha256 } from "../src/crypto/hash.ts";
import { MerkleTree, leafHash, nodeHash, rootOf } from "../src/crypto/log/merkle.ts";
import { findTotals } from "../src/crypto/tally/totals.ts";

/** The root by RFC 9162's own words: split at the largest power of two below the size. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256(new Uint8Array());
  if (leaves.length === 1) return only;
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

describe("the Merkle tree", () => {
  test("gives the root of every size that it had", () => {
    const leaves = Array.from({ length: 70 }, (_, i) => leafHash(u32(i)));
    const tree = new MerkleTree();
    for (const leaf of leaves) tree.append(leaf);
    for (let size = 0; size <= leaves.length; size++) {
      const root = rootByDefinition(leaves.slice(0, size));
      expect(tree.rootAt(size)).toEqual(root);
      expect(rootOf(leaves.slice(0, size))).toEqual(root);
    }
    expect(() => tree.rootAt(71)).toThrow(RangeError);
  });
});

describe("totals", () => {
  test("are found on both sides of every step and of the range's end", () => {
    const totals = [0n, 1n, 9n, 10n, 11n, 99n, 100n];
    const points = totals.map((total) => multiplyVartime(BASE, total));
    expect(findTotals(points, 100n)).toEqual(totals);
    expect(() => findTotals([multiplyVartime(BASE, 101n)], 100n)).toThrow(InvalidTotals);
    expect(findTotals([IDENTITY], 0n)).toEqual([0n]);
  });
});

describe("encodings", () => {
  test.each(["=", "A", "AA=", "AAA", "AB==", "AA==\n", "AA-_", " AA=="])(
    "base64 %j is refused",
    (text) => {
      expect(() => decodeBase64(text)).toThrow(ProtocolError);
    },
  );
  test("base64 of every length is read again", () => {
    for (let length = 0; length < 9; length++) {
      const bytes = sha256(u32(length)).subarray(0, length);
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }
  });
  test("text of all widths is read again, and cut text is refused", () => {
    const bytes = encodeUtf8("aé한😀");
    expect(decodeUtf8(bytes)).toBe("aé한😀");
    expect(() => decodeUtf8(bytes.subarray(0, bytes.length - 1))).toThrow(ProtocolError);
  });
  test("integers around every width of a CBOR head are read again", () => {
    const edges = [23n, 24n, 255n, 256n, 65535n, 65536n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n - 1n];
    for (const edge of edges) expect(decodeCbor(encodeCbor(edge))).toBe(edge);
    expect(() => encodeCbor(2n ** 63n)).toThrow(RangeError);
    expect(() => encodeCbor(-1n)).toThrow(RangeError);
  });
});
