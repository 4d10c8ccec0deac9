import { describe, expect, test } from "vitest";
import { toHex } from "../../src/crypto/encoding/bytes.ts";
import { encodeUtf8 } from "../../src/crypto/encoding/text.ts";
import { electionIdOf, manifestDigest } from "../../src/crypto/identities.ts";
import { ballotBytes, readManifest, slotCount } from "../../src/crypto/manifest/manifest.ts";
import {
  type PartCount,
  type Weights,
  hasEnoughSeals,
  makeGroups,
  sealQuorum,
} from "../../src/crypto/tally/groups.ts";
import { codeOf } from "./codes.ts";
import { type Vector, asInteger, asList, asNumber, load, loadKind } from "./load.ts";

describe("manifests", () => {
  test.each(load("manifests").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const bytes = encodeUtf8(vector.text("manifest"));
    expect(codeOf(() => readManifest(bytes))).toBe(vector.code);
    if (vector.code !== 0) return;
    const manifest = readManifest(bytes);
    expect(toHex(manifestDigest(bytes))).toBe(vector.text("digest"));
    expect(toHex(electionIdOf(vector.bytes("ledger_id"), bytes))).toBe(vector.text("election_id"));
    expect(slotCount(manifest)).toBe(vector.number("slots"));
    const sizes = [...manifest.styles.keys()].map((style) => ballotBytes(manifest, style));
    expect(sizes).toEqual(vector.list("ballot_sizes"));
  });
});

function partOf(vector: Vector): PartCount {
  const byWeight = vector.list("by_weight").map((pair): [bigint, number] => {
    const [weight, rows] = asList(pair);
    return [asInteger(weight), asNumber(rows)];
  });
  return {
    ballots: vector.number("ballots"),
    weight: vector.integer("weight"),
    byWeight: new Map(byWeight),
  };
}

describe("groups and seals", () => {
  test.each(loadKind("groups", "groups").map((v) => [v.name, v] as const))("%s", (_n, vector) => {
    const weights = vector.text("weights") as Weights;
    const groups = makeGroups(
      vector.vectors("parts").map(partOf),
      vector.number("smallest"),
      weights,
    );
    expect(groups).toEqual(vector.list("groups"));
  });
  test.each(loadKind("groups", "seals").map((v) => [v.name, v] as const))("%s", (_n, vector) => {
    const confirmed = vector.list("confirmed").map(asNumber);
    const [sealed, lost] = [vector.list("sealed").map(asNumber), vector.list("lost").map(asNumber)];
    const threshold = vector.number("threshold");
    expect(sealQuorum(confirmed.length, threshold)).toBe(vector.number("quorum"));
    expect(hasEnoughSeals(confirmed, sealed, lost, threshold)).toBe(vector.boolean("enough"));
  });
});
