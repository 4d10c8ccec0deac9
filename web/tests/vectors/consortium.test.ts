import { describe, expect, test } from "vitest";
import { checkBlockProof, readBlockProof } from "../../src/crypto/consortium/proof.ts";
import { checkConflict } from "../../src/crypto/consortium/conflict.ts";
import {
  type Header,
  headerHash,
  orderValidators,
  validatorsHash,
} from "../../src/crypto/consortium/header.ts";
import { voteMessage } from "../../src/crypto/consortium/vote.ts";
import { toHex } from "../../src/crypto/encoding/bytes.ts";
import { codeOf } from "./codes.ts";
import { type Vector, asBytes, asList, load, loadKind } from "./load.ts";

function each(kind: string): (readonly [string, Vector])[] {
  return loadKind("block_proofs", kind).map((vector) => [vector.name, vector] as const);
}

function headerOf(header: Vector): Header {
  return [
    header.integer("block_version"),
    header.integer("app_version"),
    header.integer("seconds"),
    header.integer("nanos"),
    header.bytes("last_hash"),
    header.integer("last_parts_total"),
    header.bytes("last_parts_hash"),
    header.bytes("last_commit_hash"),
    header.bytes("data_hash"),
    header.bytes("consensus_hash"),
    header.bytes("last_results_hash"),
    header.bytes("evidence_hash"),
    header.bytes("proposer"),
  ];
}

describe("block proofs", () => {
  test.each(each("validators"))("%s", (_name, vector) => {
    const keys = vector.bytesList("keys");
    expect(orderValidators(keys).map(toHex)).toEqual(vector.list("order"));
    expect(toHex(validatorsHash(keys))).toBe(vector.text("hash"));
  });
  test.each(each("vote"))("%s", (_name, vector) => {
    const vote = vector.vector("vote");
    const message = voteMessage(vector.text("chain_id"), {
      type: vote.integer("vote_type"),
      engineHeight: vote.integer("height"),
      round: vote.integer("round"),
      blockHash: vote.bytes("block_hash"),
      parts: vote.integer("parts_total"),
      partsHash: vote.bytes("parts_hash"),
      seconds: vote.integer("seconds"),
      nanoseconds: vote.integer("nanos"),
    });
    expect(toHex(message)).toBe(vector.text("message"));
  });
  test.each(each("header"))("%s", (_name, vector) => {
    const hash = headerHash(headerOf(vector.vector("header")), {
      chainId: vector.text("chain_id"),
      engineHeight: vector.integer("height"),
      validators: vector.bytesList("validators"),
      nextValidators: vector.bytesList("next_validators"),
      appHash: vector.bytes("app_hash"),
    });
    expect(toHex(hash)).toBe(vector.text("hash"));
  });
  test.each(each("proof"))("%s", (_name, vector) => {
    const engineHeight = vector.integer("engine_height");
    const validators = vector.list("validators").map((keys) => asList(keys).map(asBytes));
    const check = (): void => {
      checkBlockProof(readBlockProof(vector.bytes("proof")), {
        chainId: vector.text("chain_id"),
        engineHeight,
        timeUnixS: vector.integer("time"),
        rootBefore: vector.bytes("root_before"),
        rootAfter: vector.bytes("root_after"),
        validatorsAt: (height) => validators[Number(height - engineHeight)] ?? [],
      });
    };
    expect(codeOf(check)).toBe(vector.code);
  });
});

describe("conflicts", () => {
  test.each(load("conflicts").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const bytes = vector.bytes("conflict");
    expect(codeOf(() => checkConflict(bytes))).toBe(vector.code);
    if (vector.code === 0) expect(checkConflict(bytes)).toEqual(vector.list("convicts"));
  });
});
