/** The consensus engine's headers and sets of validators, and their hashes (9.8). */

import { type Bytes, compareBytes, join } from "../encoding/bytes.ts";
import { ascii } from "../encoding/text.ts";
import { type Read, sizedBytes, tuple, uint } from "../entries/schema.ts";
import { sha256 } from "../hash.ts";
import { leafHash, rootOf } from "../log/merkle.ts";
import { blockId, bytesField, integerField, messageField, timestamp } from "./protobuf.ts";

const ADDRESS_BYTES = 20;
const VOTING_POWER = 1n;

export const hash = sizedBytes(0, 32);

/** A header as a proof holds it: what does not follow from the log. */
export const headerSchema = tuple(
  uint, // block version
  uint, // app version
  uint, // seconds
  uint, // nanoseconds
  hash, // last block's hash
  uint, // its parts
  hash, // its parts hash
  hash, // last commit
  hash, // data
  hash, // consensus
  hash, // last results
  hash, // evidence
  sizedBytes(ADDRESS_BYTES, ADDRESS_BYTES), // proposer address
);
export type Header = Read<typeof headerSchema>;

/** What of a header follows from the log. */
export interface HeaderSetting {
  readonly chainId: string;
  readonly engineHeight: bigint;
  readonly validators: readonly Bytes[];
  readonly nextValidators: readonly Bytes[];
  readonly appHash: Bytes;
}

/** Orders validator keys by their addresses. */
export function orderValidators(keys: readonly Bytes[]): Bytes[] {
  const addressed = keys.map((key) => ({ key, address: sha256(key).subarray(0, ADDRESS_BYTES) }));
  return addressed.sort((a, b) => compareBytes(a.address, b.address)).map(({ key }) => key);
}

/** The hash of a set of validators, each with voting power 1. */
export function validatorsHash(keys: readonly Bytes[]): Bytes {
  const leaves = orderValidators(keys).map((key) =>
    leafHash(join([messageField(1, bytesField(1, key)), integerField(2, VOTING_POWER)])),
  );
  return rootOf(leaves);
}

/** The hash of a header: the tree over its fourteen fields. */
export function headerHash(header: Header, setting: HeaderSetting): Bytes {
  const [
    blockVersion,
    appVersion,
    seconds,
    nanoseconds,
    lastHash,
    lastParts,
    lastPartsHash,
    lastCommit,
    data,
    consensus,
    lastResults,
    evidence,
    proposer,
  ] = header;
  const fields = [
    join([integerField(1, blockVersion), integerField(2, appVersion)]),
    bytesField(1, ascii(setting.chainId)),
    integerField(1, setting.engineHeight),
    timestamp(seconds, nanoseconds),
    blockId(lastHash, lastParts, lastPartsHash),
    bytesField(1, lastCommit),
    bytesField(1, data),
    bytesField(1, validatorsHash(setting.validators)),
    bytesField(1, validatorsHash(setting.nextValidators)),
    bytesField(1, consensus),
    bytesField(1, setting.appHash),
    bytesField(1, lastResults),
    bytesField(1, evidence),
    bytesField(1, proposer),
  ];
  return rootOf(fields.map(leafHash));
}
