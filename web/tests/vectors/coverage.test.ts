import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { load, vectorFiles } from "./load.ts";

/** Vector files that no test here reads yet, each with the reason. */
const NOT_YET: Readonly<Record<string, string>> = {};

/** The kinds of vectors that the tests here know; a new kind must not pass by unseen. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  block_proofs: ["header", "proof", "validators", "vote"],
  ceremony: [
    "ceremony id",
    "commit",
    "commitment",
    "complaint",
    "deal",
    "joint key digest",
    "joint keys",
    "parts",
    "reveal",
    "signing key",
    "verification keys",
  ],
  checkpoints: ["blocks", "checkpoint", "promise", "promise file"],
  credentials: ["cast", "credential", "possession"],
  ed25519: ["key", "sign", "signature"],
  frames_and_transcript: ["frame", "to_point", "to_scalar", "transcript"],
  groups: ["groups", "seals"],
  merkle: ["consistency", "inclusion", "record files", "root", "tile path"],
  ristretto255: ["multiple", "one-way map", "point", "scalar", "wide"],
  shapes: ["scores", "shape"],
  shares: ["share", "sum", "totals"],
};

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const sources = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".test.ts") && name !== "coverage.test.ts")
  .map((name) => readFileSync(FOLDER + name, "utf8"))
  .join("\n");

test("every vector file is tested or listed as not yet", () => {
  for (const file of vectorFiles()) {
    const isTested = sources.includes(`"${file}"`);
    expect([file, isTested]).toEqual([file, !(file in NOT_YET)]);
  }
});

test("every kind of vector is tested", () => {
  for (const file of vectorFiles()) {
    const vectors = load(file).filter((vector) => vector.has("kind"));
    const kinds = [...new Set(vectors.map((vector) => vector.text("kind")))].sort();
    expect([file, kinds]).toEqual([file, KINDS[file] ?? []]);
    for (const kind of kinds) expect(sources).toContain(`"${kind}"`);
  }
});
