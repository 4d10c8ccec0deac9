/** Makes, reads and checks whole ballots: the contests of one style, joined (8.5, 8.7). */

import {
  type ChallengedContest,
  bitsSum,
  challengeContest,
  checkContest,
  hasEquations,
  readContest,
  valuesSum,
} from "../contest/check.ts";
import { contestContext } from "../contest/context.ts";
import type { Plan } from "../contest/plan.ts";
import { type ProvenContest, proveContest } from "../contest/prove.ts";
import { type Bytes, join } from "../encoding/bytes.ts";
import { InvalidScores, InvalidSignature, NotCanonical } from "../errors.ts";
import { GeneratorStore } from "../group/generators.ts";
import { type Point, decodeNonidentity, prepareTables } from "../group/point.ts";
import { type Sum, judgeClaims } from "../group/sums.ts";
import { type SchnorrSignature, hasSchnorr, signatureSum } from "../signatures/schnorr.ts";
import { type CastStatement, readCastSignature } from "./cast.ts";

/** One contest of a style. */
export interface StyleContest {
  /** The contest's number in the manifest. */
  readonly number: number;
  readonly plan: Plan;
}

/** What all ballots of an election share. */
export interface BallotSetting {
  readonly electionId: Bytes;
  readonly jointKeyDigest: Bytes;
  /** h_1..h_m. */
  readonly slotKeys: readonly Point[];
  readonly generators: GeneratorStore;
  /** The contests of each style, in the manifest's order. */
  readonly styles: readonly (readonly StyleContest[])[];
}

/** A ballot as it stands in its entry. */
export interface CastBallot {
  readonly style: number;
  readonly credential: Bytes;
  readonly sequence: bigint;
  readonly ballot: Bytes;
  readonly signature: Bytes;
}

/** A ballot that is decoded and of its form; signature and proofs are still to be checked. */
export interface ReadBallot {
  readonly cast: CastBallot;
  readonly key: Point;
  readonly contests: readonly ChallengedContest[];
}

/** Makes the tables that proving ballots of one style is fast with. */
export function prepareProving(setting: BallotSetting, style: number): void {
  const plans = styleOf(setting, style).map((contest) => contest.plan);
  setting.generators.prepare(Math.max(...plans.map((plan) => plan.bitCount)));
  const slots = Math.max(...plans.map((plan) => plan.shape.options));
  prepareTables(setting.slotKeys.slice(0, slots));
}

/**
 * Encrypts and proves a ballot.
 *
 * @param scores one list for each contest of the style.
 * @param seed 32 fresh bytes that serve this ballot alone.
 */
export function proveBallot(
  setting: BallotSetting,
  voter: { readonly style: number; readonly credential: Bytes },
  scores: readonly (readonly bigint[])[],
  seed: Bytes,
): { readonly bytes: Bytes; readonly contests: readonly ProvenContest[] } {
  const style = styleOf(setting, voter.style);
  if (scores.length !== style.length) throw new InvalidScores("scores for each contest");
  const contests = style.map(({ number, plan }, i) => {
    const context = contestContext({ ...setting, credential: voter.credential }, number);
    const generators = setting.generators.take(plan.bitCount);
    const input = { plan, keys: setting.slotKeys, generators, context };
    return proveContest(input, scores[i] ?? [], seed);
  });
  return { bytes: join(contests.map((contest) => contest.bytes)), contests };
}

/** Decodes a ballot: its length, X, every point and scalar, and its sequence number. */
export function readBallot(setting: BallotSetting, cast: CastBallot): ReadBallot {
  const style = setting.styles[cast.style];
  if (style === undefined) throw new NotCanonical("the style does not exist");
  const length = style.reduce((total, { plan }) => total + plan.byteSize, 0);
  if (cast.ballot.length !== length) throw new NotCanonical("not the style's length");
  const key = decodeNonidentity(cast.credential);
  let at = 0;
  const contests = style.map(({ number, plan }) => {
    const bytes = cast.ballot.subarray(at, (at += plan.byteSize));
    const context = contestContext({ ...setting, credential: cast.credential }, number);
    return challengeContest(readContest(plan, bytes), context);
  });
  if (cast.sequence < 1n) throw new NotCanonical("sequence numbers begin with 1");
  return { cast, key, contests };
}

/** Checks the signature and every proof of one ballot, in this order. */
export function checkBallot(setting: BallotSetting, ballot: ReadBallot): void {
  if (!hasSchnorr(ballot.key, readSignature(setting, ballot))) {
    throw new InvalidSignature("the cast signature does not hold");
  }
  for (const contest of ballot.contests) {
    const generators = setting.generators.take(contest.plan.bitCount);
    checkContest(contest, setting.slotKeys, generators);
  }
}

/** Says for each ballot whether its signature and proofs all hold, many at once (8.7). */
export function judgeBallots(setting: BallotSetting, ballots: readonly ReadBallot[]): boolean[] {
  const claims = ballots.map((ballot) => claimOf(setting, ballot));
  const verdicts = judgeClaims(claims.filter((claim) => claim !== null));
  let next = 0;
  return claims.map((claim) => claim !== null && verdicts[next++] === true);
}

/** The sums of a ballot that must vanish; `null` where it fails without them. */
function claimOf(setting: BallotSetting, ballot: ReadBallot): readonly Sum[] | null {
  if (!ballot.contests.every(hasEquations)) return null;
  let signature: SchnorrSignature;
  try {
    signature = readSignature(setting, ballot);
  } catch (error) {
    if (error instanceof InvalidSignature) return null;
    throw error;
  }
  const sums: Sum[] = [signatureSum(ballot.key, signature)];
  for (const contest of ballot.contests) {
    const generators = setting.generators.take(contest.plan.bitCount);
    sums.push(bitsSum(contest, generators), valuesSum(contest, setting.slotKeys));
  }
  return sums;
}

function readSignature(setting: BallotSetting, { cast }: ReadBallot): SchnorrSignature {
  const statement: CastStatement = { electionId: setting.electionId, ...cast };
  return readCastSignature(cast.credential, statement, cast.signature);
}

function styleOf(setting: BallotSetting, style: number): readonly StyleContest[] {
  const contests = setting.styles[style];
  if (contests === undefined) throw new RangeError("the style does not exist");
  return contests;
}
