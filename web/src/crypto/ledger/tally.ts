/** After the close: seals, groups, shares, results and the outcome (10, 11). */

import { isEqual } from "../encoding/bytes.ts";
import type { KIND } from "../entries/bodies.ts";
import type { ActOf } from "../entries/entry.ts";
import { InvalidCheckpoint, InvalidShare, InvalidTotals } from "../errors.ts";
import type { Point } from "../group/point.ts";
import type { Bytes } from "../encoding/bytes.ts";
import { checkMemberLines, readCheckpoint } from "../log/checkpoint.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { type PartCount, addCounts, hasEnoughSeals, makeGroups } from "../tally/groups.ts";
import { decide } from "../tally/outcome.ts";
import { checkShare } from "../tally/shares.ts";
import { addCiphertexts, checkTotals } from "../tally/totals.ts";
import type { Ceremony } from "./ceremony.ts";
import { type Membership, cosignersOf } from "./membership.ts";
import { demand } from "./refusal.ts";
import type { Roll, RollRow } from "./roll.ts";

/** Acts of a closed election. */
export type TallyAct =
  | ActOf<typeof KIND.seal>
  | ActOf<typeof KIND.lost>
  | ActOf<typeof KIND.notOpenable>
  | ActOf<typeof KIND.quorum>
  | ActOf<typeof KIND.share>
  | ActOf<typeof KIND.result>
  | ActOf<typeof KIND.outcome>;

/** Parts of a contest that are opened together. */
interface Group {
  readonly parts: readonly number[];
  readonly ballots: number;
  readonly weight: bigint;
  /** A, B_1..B_n. */
  readonly sums: readonly Point[];
  /** D_1..D_n by trustee. */
  readonly shares: Map<number, readonly Point[]>;
  totals: readonly bigint[] | null;
}

/** The log's state up to and including the close entry. */
export interface ClosingState {
  readonly size: bigint;
  readonly root: Bytes;
}

export class Tally {
  readonly closing: ClosingState;
  /** For each contest its groups. */
  readonly groups: readonly (readonly Group[])[];
  private readonly manifest: Manifest;
  private readonly roll: Roll;
  private readonly ceremony: Ceremony;
  private readonly electionId: Bytes;
  private readonly sealed = new Set<number>();
  private readonly lost = new Set<number>();
  private readonly keys = new Map<number, Point[]>();
  private hasQuorum = false;

  constructor(
    setting: {
      readonly manifest: Manifest;
      readonly electionId: Bytes;
      readonly roll: Roll;
      readonly ceremony: Ceremony;
    },
    closing: ClosingState,
  ) {
    this.manifest = setting.manifest;
    this.electionId = setting.electionId;
    this.roll = setting.roll;
    this.ceremony = setting.ceremony;
    this.closing = closing;
    this.groups = this.manifest.contests.map((_, contest) => this.formGroups(contest));
  }

  seal(body: ActOf<typeof KIND.seal>["body"], signer: number): void {
    demand(this.ceremony.participants.includes(signer), "C21", "the signer did not confirm");
    demand(!this.sealed.has(signer), "C21", "the signer has sealed");
    demand(!this.lost.has(signer), "C21", "the signer is declared lost");
    demand(body.size === this.closing.size, "C21", "another closing size");
    demand(isEqual(body.root, this.closing.root), "C21", "another closing root");
    this.sealed.add(signer);
  }

  declareLost(body: ActOf<typeof KIND.lost>["body"]): void {
    const trustees = body.trustees.map(Number);
    trustees.forEach((trustee, i) => {
      demand(i === 0 || trustee > (trustees[i - 1] ?? 0), "C21", "trustees do not ascend");
      const isPresent =
        this.ceremony.participants.includes(trustee) &&
        !this.sealed.has(trustee) &&
        !this.lost.has(trustee);
      demand(isPresent, "C21", "a trustee that did not confirm, has sealed, or is lost already");
    });
    for (const trustee of trustees) this.lost.add(trustee);
  }

  giveUp(): void {
    const left = this.ceremony.participants.filter((trustee) => !this.lost.has(trustee));
    demand(left.length < this.manifest.trustees.threshold, "C21", "enough trustees are left");
  }

  quorum(body: ActOf<typeof KIND.quorum>["body"], membership: Membership, origin: string): void {
    demand(membership.keeper === "consortium", "C21", "no consortium keeps the ledger");
    demand(!this.hasQuorum, "C21", "the members have agreed already");
    try {
      const checkpoint = readCheckpoint(body.checkpoint);
      const { size, root } = this.closing;
      const isClosing =
        checkpoint.origin === origin && checkpoint.size === size && isEqual(checkpoint.root, root);
      demand(isClosing, "C21", "a checkpoint of another state");
      checkMemberLines(checkpoint, cosignersOf(membership));
    } catch (error) {
      if (!(error instanceof InvalidCheckpoint)) throw error;
      demand(false, "C21", error.message);
    }
    this.hasQuorum = true;
  }

  share(body: ActOf<typeof KIND.share>["body"], signer: number, needsQuorum: boolean): void {
    const confirmed = this.ceremony.participants;
    const { threshold } = this.manifest.trustees;
    const isSealed = hasEnoughSeals(confirmed, [...this.sealed], [...this.lost], threshold);
    demand(isSealed, "C21", "not enough trustees have sealed");
    demand(!needsQuorum || this.hasQuorum, "C21", "the members have not agreed");
    demand(confirmed.includes(signer), "C20", "the signer did not confirm");
    const group = this.groupOf(body.contest, body.group);
    demand(!group.shares.has(signer), "C22", "the share is there already");
    const [sumA, ...sums] = group.sums;
    if (sumA === undefined) throw new Error("a group without its sum");
    try {
      const points = checkShare(
        {
          electionId: this.electionId,
          ceremonyId: this.ceremony.attempt.ceremonyId,
          contest: Number(body.contest),
          group: Number(body.group),
          trustee: signer,
          sumA,
          keys: this.keysOf(signer).slice(0, sums.length),
        },
        body,
      );
      group.shares.set(signer, points);
    } catch (error) {
      if (!(error instanceof InvalidShare)) throw error;
      demand(false, "C22", error.message);
    }
  }

  result(body: ActOf<typeof KIND.result>["body"]): void {
    const group = this.groupOf(body.contest, body.group);
    const isSame =
      body.parts.length === group.parts.length &&
      body.parts.every((part, i) => part === BigInt(group.parts[i] ?? -1));
    demand(isSame, "C20", "the group has other parts");
    const isCounted = body.ballots === BigInt(group.ballots) && body.weight === group.weight;
    demand(isCounted, "C19", "other ballots are counted");
    demand(group.totals === null, "C23", "the group has its result");
    const trustees = body.trustees.map(Number);
    const { threshold } = this.manifest.trustees;
    demand(trustees.length === threshold, "C23", "exactly the threshold of trustees");
    const shares = trustees.map((trustee, i) => {
      demand(i === 0 || trustee > (trustees[i - 1] ?? 0), "C23", "trustees do not ascend");
      const points = group.shares.get(trustee);
      demand(points !== undefined, "C23", "a share is missing");
      return { trustee, points };
    });
    const sums = group.sums.slice(1);
    demand(body.totals.length === sums.length, "C23", "one total for each option");
    const top = this.manifest.contests[Number(body.contest)]?.plan.shape.top ?? 0n;
    demand(
      body.totals.every((total) => total <= top * group.weight),
      "C23",
      "too high a total",
    );
    try {
      checkTotals(sums, shares, body.totals);
    } catch (error) {
      if (!(error instanceof InvalidTotals)) throw error;
      demand(false, "C23", error.message);
    }
    group.totals = body.totals;
  }

  outcome({ contests }: ActOf<typeof KIND.outcome>["body"]): void {
    const isWhole = this.groups.flat().every((group) => group.totals !== null);
    demand(isWhole, "C23", "a result is missing");
    demand(contests.length === this.manifest.contests.length, "C24", "another number of contests");
    this.manifest.contests.forEach((contest, number) => {
      const groups = this.groups[number] ?? [];
      const counted = {
        totals: this.totalsOf(number),
        ballots: groups.reduce((sum, group) => sum + BigInt(group.ballots), 0n),
        weight: groups.reduce((sum, group) => sum + group.weight, 0n),
        rollWeight: this.roll.weightOf(number),
      };
      const { status, winners, tied } = decide(contest, groups.length === 0 ? null : counted);
      const [ownStatus, ownWinners, ownTied] = contests[number] ?? [];
      const isSame =
        ownStatus === BigInt(status) &&
        ownWinners?.join() === winners.join() &&
        ownTied?.join() === tied.join();
      demand(isSame, "C24", `contest ${number} is decided otherwise`);
    });
  }

  /** Whether a contest has a result that stands. */
  hasResult(contest: number): boolean {
    return this.groups[contest]?.some((group) => group.totals !== null) === true;
  }

  /** A contest's totals over its groups with a result. */
  totalsOf(contest: number): bigint[] {
    const options = this.manifest.contests[contest]?.options.length ?? 0;
    return Array.from({ length: options }, (_, option) =>
      (this.groups[contest] ?? []).reduce((sum, { totals }) => sum + (totals?.[option] ?? 0n), 0n),
    );
  }

  private groupOf(contest: bigint, group: bigint): Group {
    const groups = contest < 64n ? this.groups[Number(contest)] : undefined;
    const found = group < 512n ? groups?.[Number(group)] : undefined;
    demand(found !== undefined, "C20", "the group does not exist");
    return found;
  }

  private keysOf(trustee: number): Point[] {
    const keys = this.keys.get(trustee) ?? this.ceremony.verificationKeys(trustee);
    this.keys.set(trustee, keys);
    return keys;
  }

  private formGroups(contest: number): Group[] {
    const { partition = [], options = [] } = this.manifest.contests[contest] ?? {};
    const rows = this.roll.rows.filter(
      (row) => row.counted !== null && this.roll.hasContest(row, contest),
    );
    const byPart = partition.map((districts) =>
      rows.filter((row) => districts.includes(row.district)),
    );
    const { smallestTally, weights } = this.manifest;
    return makeGroups(byPart.map(countRows), smallestTally, weights).map((parts) => {
      const counted = parts.flatMap((part) => byPart[part] ?? []);
      const ballots = counted.map((row) => ({
        weight: row.weight,
        ciphertext: row.counted?.get(contest) ?? [],
      }));
      const { ballots: number, weight } = addCounts([countRows(counted)]);
      const sums = addCiphertexts(ballots, options.length + 1);
      return { parts, ballots: number, weight, sums, shares: new Map(), totals: null };
    });
  }
}

function countRows(rows: readonly RollRow[]): PartCount {
  const byWeight = new Map<bigint, number>();
  for (const { weight } of rows) byWeight.set(weight, (byWeight.get(weight) ?? 0) + 1);
  return {
    ballots: rows.length,
    weight: rows.reduce((sum, row) => sum + row.weight, 0n),
    byWeight,
  };
}
