import { describe, expect, test } from "vitest";
import { toHex } from "../../src/crypto/encoding/bytes.ts";
import { generator } from "../../src/crypto/group/generators.ts";
import {
  BASE,
  decodePoint,
  encodePoint,
  mapToPoint,
  multiply,
  multiplyVartime,
} from "../../src/crypto/group/point.ts";
import { decodeScalar, encodeScalar, wide } from "../../src/crypto/group/scalar.ts";
import { frame, toPoint, toScalar } from "../../src/crypto/hash.ts";
import { LABELS, type Label } from "../../src/crypto/labels.ts";
import {
  checkKey,
  checkSignature,
  hasValidatorSignature,
  publicKey,
  sign,
} from "../../src/crypto/signatures/ed25519.ts";
import { Transcript } from "../../src/crypto/transcript.ts";
import { codeOf } from "./codes.ts";
import { type Vector, load, loadKind } from "./load.ts";

function named(vectors: Vector[]): (readonly [string, Vector])[] {
  return vectors.map((vector) => [vector.name, vector] as const);
}

function labelOf(text: string): Label {
  const label = LABELS.find((known) => known === text);
  if (label === undefined) throw new TypeError(`unknown label ${text}`);
  return label;
}

describe("ristretto255", () => {
  test.each(named(loadKind("ristretto255", "multiple")))("multiple: %s", (_name, vector) => {
    const scalar = decodeScalar(vector.bytes("scalar"));
    expect(toHex(encodePoint(multiply(BASE, scalar)))).toBe(vector.text("point"));
    expect(toHex(encodePoint(multiplyVartime(BASE, scalar)))).toBe(vector.text("point"));
  });
  test.each(named(loadKind("ristretto255", "point")))("point: %s", (_name, vector) => {
    const bytes = vector.bytes("bytes");
    expect(codeOf(() => decodePoint(bytes))).toBe(vector.code);
    if (vector.code === 0) expect(encodePoint(decodePoint(bytes))).toEqual(bytes);
  });
  test.each(named(loadKind("ristretto255", "scalar")))("scalar: %s", (_name, vector) => {
    const bytes = vector.bytes("bytes");
    expect(codeOf(() => decodeScalar(bytes))).toBe(vector.code);
    if (vector.code === 0) expect(encodeScalar(decodeScalar(bytes))).toEqual(bytes);
  });
  test.each(named(loadKind("ristretto255", "one-way map")))("%s", (_name, vector) => {
    expect(toHex(encodePoint(mapToPoint(vector.bytes("bytes"))))).toBe(vector.text("point"));
  });
  test.each(named(loadKind("ristretto255", "wide")))("%s", (_name, vector) => {
    expect(toHex(encodeScalar(wide(vector.bytes("bytes"))))).toBe(vector.text("scalar"));
  });
});

describe("frames and transcripts", () => {
  const file = "frames_and_transcript";
  test.each(named(loadKind(file, "frame")))("%s", (_name, vector) => {
    const bytes = frame(labelOf(vector.text("label")), ...vector.bytesList("parts"));
    expect(toHex(bytes)).toBe(vector.text("frame"));
  });
  test.each(named(loadKind(file, "to_scalar")))("%s", (_name, vector) => {
    const scalar = toScalar(labelOf(vector.text("label")), ...vector.bytesList("parts"));
    expect(toHex(encodeScalar(scalar))).toBe(vector.text("scalar"));
  });
  test.each(named(loadKind(file, "to_point")))("%s", (_name, vector) => {
    const point = toPoint(labelOf(vector.text("label")), ...vector.bytesList("parts"));
    expect(toHex(encodePoint(point))).toBe(vector.text("point"));
  });
  test.each(named(loadKind(file, "transcript")))("%s", (_name, vector) => {
    const transcript = new Transcript(labelOf(vector.text("label")));
    const challenges: string[] = [];
    for (const step of vector.vectors("steps")) {
      if (step.has("absorb")) {
        transcript.absorb(labelOf(step.text("absorb")), ...step.bytesList("parts"));
      } else {
        const challenge = transcript.challenge(labelOf(step.text("challenge")));
        challenges.push(toHex(encodeScalar(challenge)));
      }
    }
    expect(challenges).toEqual(vector.list("challenges"));
  });
});

describe("generators", () => {
  test.each(named(load("generators")))("%s", (_name, vector) => {
    const name = vector.text("generator");
    if (name !== "K" && name !== "G" && name !== "Q") throw new TypeError(name);
    expect(toHex(encodePoint(generator(name, vector.number("index"))))).toBe(vector.text("point"));
  });
});

describe("Ed25519", () => {
  test.each(named(loadKind("ed25519", "sign")))("sign: %s", (_name, vector) => {
    const seed = vector.bytes("seed");
    expect(toHex(publicKey(seed))).toBe(vector.text("key"));
    expect(toHex(sign(seed, vector.bytes("message")))).toBe(vector.text("signature"));
  });
  test.each(named(loadKind("ed25519", "key")))("%s", (_name, vector) => {
    expect(
      codeOf(() => {
        checkKey(vector.bytes("key"));
      }),
    ).toBe(vector.code);
  });
  test.each(named(loadKind("ed25519", "signature")))("%s", (_name, vector) => {
    const [key, message] = [vector.bytes("key"), vector.bytes("message")];
    const signature = vector.bytes("signature");
    expect(
      codeOf(() => {
        checkSignature(key, message, signature);
      }),
    ).toBe(vector.code);
    // The engine's rule accepts all that ours does.
    if (vector.code === 0) expect(hasValidatorSignature(key, message, signature)).toBe(true);
  });
});

describe("ZIP 215, the rule for validators", () => {
  const looser = loadKind("ed25519", "signature").filter((vector) =>
    vector.name.includes("holds times 8 only"),
  );
  test("accepts what holds times 8 only, where the rule for parties does not", () => {
    expect(looser.length).toBeGreaterThanOrEqual(3);
    for (const vector of looser) {
      const [key, message] = [vector.bytes("key"), vector.bytes("message")];
      expect(hasValidatorSignature(key, message, vector.bytes("signature"))).toBe(true);
    }
  });
  test.each(["S is the same plus l", "S is one more", "TEST 1: other message"])(
    "refuses: %s",
    (name) => {
      const vector = loadKind("ed25519", "signature").find((one) => one.name === name);
      if (vector === undefined) throw new TypeError("no such vector");
      const [key, message] = [vector.bytes("key"), vector.bytes("message")];
      expect(hasValidatorSignature(key, message, vector.bytes("signature"))).toBe(false);
    },
  );
});
