/** The roll of an election: its rows, their credentials, and what they recorded (6, 10). */

import { sha256 } from "@noble/hashes/sha2.js";
import { checkPossessions } from "../ballot/credential.ts";
import { type Bytes, compareBytes, isEqual, join, toHex, u32 } from "../encoding/bytes.ts";
import { encodeCbor } from "../encoding/cbor.ts";
import type { KIND, Row } from "../entries/bodies.ts";
import type { ActOf } from "../entries/entry.ts";
import { InvalidPossession } from "../errors.ts";
import type { Point } from "../group/point.ts";
import { frame } from "../hash.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { demand } from "./refusal.ts";

/** Acts that fill or change the roll. */
export type RollAct =
  | ActOf<typeof KIND.rollChunk>
  | ActOf<typeof KIND.rollSeal>
  | ActOf<typeof KIND.rollChange>
  | ActOf<typeof KIND.enroll>
  | ActOf<typeof KIND.replace>;

/** A ballot that counts unless another one follows: its ciphertext for each contest. */
export type CountedBallot = ReadonlyMap<number, readonly Point[]>;

export interface RollRow {
  readonly commitment: Bytes;
  weight: bigint;
  style: number;
  district: number;
  /** The current credential, in hex. */
  credential: string | null;
  /** How many ballots the row recorded, with all its credentials. */
  recorded: number;
  /** How often it was replaced before it recorded a ballot. */
  replaced: number;
  counted: CountedBallot | null;
}

/** A credential ever enrolled. */
export interface CredentialState {
  readonly row: RollRow;
  /** The highest sequence number recorded. */
  sequence: bigint;
}

const ROWS_MAX = 1 << 24;
const WEIGHT_END = 1n << 32n;
const ROW_NUMBER_END = 1n << 32n;
const TOTAL_END = 1n << 44n;
const REPLACED_MAX = 5;

export class Roll {
  readonly rows: RollRow[] = [];
  readonly credentials = new Map<string, CredentialState>();
  isSealed = false;
  private chunkCount = 0n;
  private weight = 0n;
  private readonly known = new Set<string>();
  private readonly digest = sha256.create().update(frame("roll"));
  private readonly manifest: Manifest;
  private readonly ledgerId: Bytes;
  private readonly electionId: Bytes;

  constructor(manifest: Manifest, ledgerId: Bytes, electionId: Bytes) {
    this.manifest = manifest;
    this.ledgerId = ledgerId;
    this.electionId = electionId;
  }

  addChunk({ chunk, rows }: ActOf<typeof KIND.rollChunk>["body"]): void {
    demand(chunk === this.chunkCount, "C11", "another chunk is due");
    this.checkNewRows(rows, this.rows.at(-1)?.commitment);
    demand(this.rows.length + rows.length <= ROWS_MAX, "C11", "too many rows");
    for (const row of rows) {
      const bytes = encodeCbor(row);
      this.digest.update(join([u32(bytes.length), bytes]));
      this.append(row);
    }
    this.chunkCount += 1n;
  }

  seal(body: ActOf<typeof KIND.rollSeal>["body"]): void {
    demand(body.count >= 1n && body.count === BigInt(this.rows.length), "C11", "another count");
    demand(body.weight === this.weight, "C11", "another weight");
    const digest = this.digest.clone().digest();
    demand(isEqual(body.digest, digest), "C11", "another digest");
    this.checkBound(this.weight);
    this.isSealed = true;
  }

  change({ rows, changes }: ActOf<typeof KIND.rollChange>["body"], mayChange: boolean): void {
    demand(rows.length + changes.length > 0, "C11", "nothing changes");
    this.checkNewRows(rows, undefined);
    demand(changes.length === 0 || mayChange, "C11", "rows change in draft and ready only");
    let weight = this.weight + rows.reduce((sum, row) => sum + row[1], 0n);
    let last = -1n;
    for (const [number, newWeight, style, district] of changes) {
      const row = number < ROW_NUMBER_END ? this.rows[Number(number)] : undefined;
      demand(row !== undefined && number > last, "C11", "a changed row is unknown or out of order");
      this.checkNumbers(newWeight, style, district);
      weight += newWeight - row.weight;
      last = number;
    }
    demand(this.rows.length + rows.length <= ROWS_MAX, "C11", "too many rows");
    this.checkBound(weight);
    for (const [number, newWeight, style, district] of changes) {
      const row = this.rows[Number(number)];
      if (row === undefined) continue;
      row.weight = newWeight;
      row.style = Number(style);
      row.district = Number(district);
    }
    for (const row of rows) this.append(row);
    this.weight = weight; // Which the appended rows are in already.
  }

  enroll({ enrollments }: ActOf<typeof KIND.enroll>["body"]): void {
    this.checkProofs(enrollments);
    let passed = 0;
    for (const [number, credential] of enrollments) {
      const row = this.rows[Number(number)];
      const hex = toHex(credential);
      if (row?.credential !== null || this.credentials.has(hex)) continue;
      this.bind(row, hex);
      passed += 1;
    }
    demand(passed > 0, "C12", "no row of the batch passes");
  }

  /** Whether a row exists and has recorded a ballot: then organizers sign its replacement too. */
  hasRecorded(number: bigint): boolean {
    return number < ROW_NUMBER_END && (this.rows[Number(number)]?.recorded ?? 0) > 0;
  }

  replace(body: ActOf<typeof KIND.replace>["body"]): void {
    const row = body.row < ROW_NUMBER_END ? this.rows[Number(body.row)] : undefined;
    demand(row !== undefined, "C12", "the row does not exist");
    demand(row.credential === toHex(body.old), "C12", "the old credential is another");
    const hex = toHex(body.credential);
    demand(!this.credentials.has(hex), "C12", "the new credential was used before");
    this.checkProofs([[body.row, body.credential, body.possession]]);
    if (row.recorded === 0) {
      demand(row.replaced < REPLACED_MAX, "C12", "the row was replaced too often");
      row.replaced += 1;
    }
    row.counted = null;
    this.bind(row, hex);
  }

  /** The weight of the rows whose style has a contest. */
  weightOf(contest: number): bigint {
    return this.rows.reduce(
      (sum, row) => (this.hasContest(row, contest) ? sum + row.weight : sum),
      0n,
    );
  }

  /** Whether a row's style has a contest. */
  hasContest(row: RollRow, contest: number): boolean {
    return this.manifest.styles[row.style]?.includes(contest) === true;
  }

  private bind(row: RollRow, credential: string): void {
    row.credential = credential;
    this.credentials.set(credential, { row, sequence: 0n });
  }

  private checkProofs(enrollments: ActOf<typeof KIND.enroll>["body"]["enrollments"]): void {
    const isNumbered = enrollments.every(([row]) => row < ROW_NUMBER_END);
    demand(isNumbered, "C12", "a row number of 2^32 or more");
    const { ledgerId, electionId } = this;
    try {
      checkPossessions(
        enrollments.map(([row, credential, proof]) => ({
          credential,
          place: { ledgerId, electionId, row: Number(row) },
          proof,
        })),
      );
    } catch (error) {
      if (!(error instanceof InvalidPossession)) throw error;
      demand(false, "C12", error.message);
    }
  }

  private checkNewRows(rows: readonly Row[], before: Bytes | undefined): void {
    let last = before;
    for (const [commitment, weight, style, district] of rows) {
      const ascends = last === undefined || compareBytes(commitment, last) > 0;
      demand(ascends && !this.known.has(toHex(commitment)), "C11", "commitments do not ascend");
      this.checkNumbers(weight, style, district);
      last = commitment;
    }
  }

  private checkNumbers(weight: bigint, style: bigint, district: bigint): void {
    const { weights, styles, districts } = this.manifest;
    demand(weight >= 1n && weight < WEIGHT_END, "C11", "a weight is 1..2^32-1");
    demand(weights !== "none" || weight === 1n, "C11", "every weight is 1");
    demand(style < BigInt(styles.length), "C11", "a style does not exist");
    demand(district < BigInt(districts.length), "C11", "a district does not exist");
  }

  private checkBound(weight: bigint): void {
    const tops = this.manifest.contests.map((contest) => contest.plan.shape.top);
    demand(
      tops.every((top) => top * weight < TOTAL_END),
      "C11",
      "a total can reach 2^44",
    );
  }

  private append([commitment, weight, style, district]: Row): void {
    this.known.add(toHex(commitment));
    this.weight += weight;
    this.rows.push({
      commitment,
      weight,
      style: Number(style),
      district: Number(district),
      credential: null,
      recorded: 0,
      replaced: 0,
      counted: null,
    });
  }
}
