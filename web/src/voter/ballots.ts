/** A ballot between review and cast: encrypted, its number known, still undecided (8.2 to 8.6). */

import { type BallotSetting, proveBallot } from "../crypto/ballot/ballot.ts";
import { signCast } from "../crypto/ballot/cast.ts";
import { ballotHash, trackerOf } from "../crypto/ballot/tracker.ts";
import { type Bytes, wipe } from "../crypto/encoding/bytes.ts";
import { encodeCast } from "../crypto/entries/entry.ts";
import { freshBytes } from "../crypto/hash.ts";
import type { Answer } from "./choosing.ts";
import type { Device } from "./device.ts";
import { requireBrowser } from "../parts/wrong.ts";

/** An encrypted ballot; the seed goes with it until it is cast or opened. */
export interface PreparedBallot {
  readonly style: number;
  readonly bytes: Bytes;
  /** The whole hash, and the ballot number made of it. */
  readonly hash: Bytes;
  readonly tracker: string;
  readonly seed: Bytes;
}

/** Encrypts the answers, and proves that they are lawful. */
export function prepareBallot(
  setting: BallotSetting,
  style: number,
  credential: Bytes,
  answers: readonly Answer[],
): PreparedBallot {
  requireBrowser();
  const seed = freshBytes();
  const scores = answers.map((answer) => answer.scores.map(BigInt));
  const { bytes } = proveBallot(setting, { style, credential }, scores, seed);
  const hash = ballotHash(setting.electionId, bytes);
  return { style, bytes, hash, tracker: trackerOf(hash), seed };
}

/** Signs a ballot: its entry, ready to be sent. The seed is erased, nothing else can open it. */
export function signBallot(
  setting: BallotSetting,
  ballot: PreparedBallot,
  { secret, credential }: Pick<Device, "secret" | "credential">,
  sequence: number,
): Bytes {
  const { electionId } = setting;
  const statement = { style: ballot.style, sequence: BigInt(sequence), ballot: ballot.bytes };
  const signature = signCast(secret, freshBytes(), { electionId, ...statement });
  wipe(ballot.seed);
  return encodeCast({ scope: electionId, credential, signature, ...statement });
}
