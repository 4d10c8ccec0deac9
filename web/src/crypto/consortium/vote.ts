/** What a validator signs when it votes (9.8). */

import { type Bytes, join } from "../encoding/bytes.ts";
import { ascii } from "../encoding/text.ts";
import {
  blockId,
  bytesField,
  fixedField,
  integerField,
  messageField,
  timestamp,
  varint,
} from "./protobuf.ts";

export const PREVOTE = 1n;
export const PRECOMMIT = 2n;

export interface EngineVote {
  readonly type: bigint;
  readonly engineHeight: bigint;
  readonly round: bigint;
  /** Empty where the vote is for no block. */
  readonly blockHash: Bytes;
  readonly parts: bigint;
  readonly partsHash: Bytes;
  readonly seconds: bigint;
  readonly nanoseconds: bigint;
}

/** The bytes that a validator signs. */
export function voteMessage(chainId: string, vote: EngineVote): Bytes {
  const { blockHash, parts, partsHash } = vote;
  const isNil = blockHash.length === 0 && parts === 0n && partsHash.length === 0;
  const message = join([
    integerField(1, vote.type),
    fixedField(2, vote.engineHeight),
    fixedField(3, vote.round),
    isNil ? new Uint8Array() : messageField(4, blockId(blockHash, parts, partsHash)),
    messageField(5, timestamp(vote.seconds, vote.nanoseconds)),
    bytesField(6, ascii(chainId)),
  ]);
  return join([varint(BigInt(message.length)), message]);
}
