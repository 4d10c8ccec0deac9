/** Judging a cast ballot (10, cast). */

import { type BallotSetting, type ReadBallot, checkBallot, readBallot } from "../ballot/ballot.ts";
import { toHex } from "../encoding/bytes.ts";
import type { Cast } from "../entries/entry.ts";
import {
  InvalidPoint,
  InvalidProof,
  InvalidScalar,
  InvalidSignature,
  NotCanonical,
} from "../errors.ts";
import type { GeneratorStore } from "../group/generators.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Ceremony } from "./ceremony.ts";
import { demand } from "./refusal.ts";
import type { CredentialState, Roll } from "./roll.ts";

const SEQUENCE_STEP_MAX = 8n;

/** What ballots of an election are read with, once its ceremony is complete. */
export function ballotSetting(
  manifest: Manifest,
  electionId: BallotSetting["electionId"],
  ceremony: Ceremony,
  generators: GeneratorStore,
): BallotSetting {
  const styles = manifest.styles.map((contests) =>
    contests.flatMap((number) => {
      const plan = manifest.contests[number]?.plan;
      return plan === undefined ? [] : [{ number, plan }];
    }),
  );
  const { digest, slotKeys } = ceremony;
  return { electionId, jointKeyDigest: digest, slotKeys, generators, styles };
}

/** Reads a ballot, and refuses one that is not of its form. */
export function readCast(setting: BallotSetting, cast: Cast): ReadBallot {
  try {
    return readBallot(setting, cast);
  } catch (error) {
    const isForm =
      error instanceof NotCanonical ||
      error instanceof InvalidPoint ||
      error instanceof InvalidScalar;
    if (!isForm) throw error;
    demand(false, "C16", error.message);
    throw error;
  }
}

/** Refuses a ballot whose signature or proofs do not hold. */
export function checkCast(setting: BallotSetting, ballot: ReadBallot): void {
  try {
    checkBallot(setting, ballot);
  } catch (error) {
    if (error instanceof InvalidSignature) demand(false, "C17", error.message);
    if (error instanceof InvalidProof) demand(false, "C18", error.message);
    throw error;
  }
}

/** Refuses a ballot that its row may not record now; gives its credential's state. */
export function checkRecordable(
  roll: Roll,
  manifest: Manifest,
  { cast }: ReadBallot,
): CredentialState {
  const credential = toHex(cast.credential);
  const state = roll.credentials.get(credential);
  const isCurrent = state?.row.credential === credential;
  demand(state !== undefined && isCurrent, "C16", "the credential is nobody's on the roll");
  demand(state.row.style === cast.style, "C16", "the row has another style");
  const last = state.sequence;
  const follows = cast.sequence > last && cast.sequence <= last + SEQUENCE_STEP_MAX;
  demand(follows, "C16", "the sequence number does not follow");
  const hasRoom = state.row.recorded < manifest.ballotsPerRow;
  demand(hasRoom, "C16", "the row has recorded all its ballots");
  return state;
}

/** Records a ballot that all rules accept. */
export function recordBallot(
  state: CredentialState,
  manifest: Manifest,
  { cast, contests }: ReadBallot,
): void {
  state.sequence = cast.sequence;
  state.row.recorded += 1;
  const numbers = manifest.styles[cast.style] ?? [];
  state.row.counted = new Map(
    contests.map(({ ciphertext }, i) => [numbers[i] ?? -1, ciphertext] as const),
  );
}
