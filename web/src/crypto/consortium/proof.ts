/** Proofs that a consortium agreed on a block (9.8), and the file `commits` that holds them. */

import { type Bytes, isEqual, readUint } from "../encoding/bytes.ts";
import { InvalidBlockProof, NotCanonical } from "../errors.ts";
import {
  type Read,
  decodeExactly,
  digest,
  fields,
  list,
  proof,
  tuple,
  uint,
} from "../entries/schema.ts";
import { isQuorum } from "../log/checkpoint.ts";
import { hasValidatorSignature } from "../signatures/ed25519.ts";
import { type Header, headerHash, headerSchema, orderValidators } from "./header.ts";
import { PRECOMMIT, voteMessage } from "./vote.ts";

const proofSchema = fields({
  headers: [0, list(headerSchema, 1, 2)],
  round: [1, uint],
  parts: [2, uint],
  partsHash: [3, digest],
  precommits: [4, list(tuple(uint, uint, uint, proof), 1, 64)],
});
export type BlockProof = Read<typeof proofSchema>;

/** What the log says about the block that a proof is for. */
export interface ProofSetting {
  readonly chainId: string;
  /** H, 0 for block 1 of a log that a consortium founded. */
  readonly engineHeight: bigint;
  readonly timeUnixS: bigint;
  /** The log's root before the block (H = 0: of no meaning) and after it. */
  readonly rootBefore: Bytes;
  readonly rootAfter: Bytes;
  /** The validators' keys at an engine height. */
  readonly validatorsAt: (engineHeight: bigint) => readonly Bytes[];
}

/** Splits the file `commits` into its proofs' bytes. */
export function splitCommits(bytes: Bytes): Bytes[] {
  const proofs: Bytes[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(readUint(bytes.subarray(at, at + 4)));
    const end = at + 4 + length;
    if (at + 4 > bytes.length || end > bytes.length) throw new NotCanonical("a proof cut short");
    proofs.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return proofs;
}

/** Reads a proof's form. */
export function readBlockProof(bytes: Bytes): BlockProof {
  try {
    return decodeExactly(proofSchema, bytes);
  } catch (error) {
    if (error instanceof NotCanonical) throw new InvalidBlockProof(error.message);
    throw error;
  }
}

/** Checks a proof against what the log says. */
export function checkBlockProof(blockProof: BlockProof, setting: ProofSetting): void {
  const { headers } = blockProof;
  const last = chainHeaders(headers, setting);
  checkPrecommits(blockProof, setting, last);
}

interface LastHeader {
  readonly engineHeight: bigint;
  readonly hash: Bytes;
}

/** Checks that the headers follow each other and the log; gives the last one. */
function chainHeaders(headers: readonly Header[], setting: ProofSetting): LastHeader {
  const { engineHeight, chainId, validatorsAt } = setting;
  if (headers.length !== (engineHeight === 0n ? 1 : 2)) {
    throw new InvalidBlockProof("another number of headers");
  }
  if (headers[0]?.[2] !== setting.timeUnixS) throw new InvalidBlockProof("another time");
  const first = engineHeight === 0n ? 1n : engineHeight;
  let lastHash: Bytes | undefined;
  for (const [i, header] of headers.entries()) {
    if (lastHash !== undefined && !isEqual(header[4], lastHash)) {
      throw new InvalidBlockProof("the second header does not name the first");
    }
    const height = first + BigInt(i);
    const isBefore = i === 0 && engineHeight !== 0n;
    lastHash = headerHash(header, {
      chainId,
      engineHeight: height,
      validators: validatorsAt(height),
      nextValidators: validatorsAt(height + 1n),
      appHash: isBefore ? setting.rootBefore : setting.rootAfter,
    });
  }
  if (lastHash === undefined) throw new InvalidBlockProof("no header");
  return { engineHeight: first + BigInt(headers.length - 1), hash: lastHash };
}

function checkPrecommits(blockProof: BlockProof, setting: ProofSetting, last: LastHeader): void {
  const { round, parts, partsHash, precommits } = blockProof;
  const validators = orderValidators(setting.validatorsAt(last.engineHeight));
  let lastPlace = -1n;
  for (const [place, seconds, nanoseconds, signature] of precommits) {
    const key = validators[Number(place)];
    if (key === undefined) throw new InvalidBlockProof("no validator has this place");
    if (place <= lastPlace) throw new InvalidBlockProof("places do not ascend");
    lastPlace = place;
    const message = voteMessage(setting.chainId, {
      type: PRECOMMIT,
      engineHeight: last.engineHeight,
      round,
      blockHash: last.hash,
      parts,
      partsHash,
      seconds,
      nanoseconds,
    });
    if (!hasValidatorSignature(key, message, signature)) {
      throw new InvalidBlockProof(`the precommit of place ${place} does not hold`);
    }
  }
  if (!isQuorum(precommits.length, validators.length)) {
    throw new InvalidBlockProof("too few precommits");
  }
}
