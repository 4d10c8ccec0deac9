/** An election as this page itself checked it: manifest and phase (8.1). */

import { type Bytes, isEqual } from "../crypto/encoding/bytes.ts";
import { KIND } from "../crypto/entries/bodies.ts";
import { checkSigners } from "../crypto/ledger/signers.ts";
import { type Manifest, readManifest } from "../crypto/manifest/manifest.ts";
import { type LedgerReader, type Proven, actsOf } from "./reader.ts";

const PHASES = [
  KIND.open,
  KIND.pause,
  KIND.resume,
  KIND.extend,
  KIND.cancel,
  KIND.close,
  KIND.notOpenable,
  KIND.quorum,
  KIND.share,
  KIND.outcome,
];

/** Where an election stands, by what a node shows: what it hides only delays. */
export type Stage =
  | "preparing"
  | "ready"
  | "open"
  | "paused"
  | "closed"
  | "counting"
  | "final"
  | "canceled"
  | "not openable";

export interface CheckedElection {
  readonly id: Bytes;
  readonly ledgerId: Bytes;
  readonly manifest: Manifest;
  readonly stage: Stage;
  /** Why voting was paused or canceled, in the organizers' words. */
  readonly reason: string;
  /** When voting ends or ended, seconds since 1970; `null`: when the organizers say so. */
  readonly endsUnixS: number | null;
}

/** Reads an election, every act of it proven and signed as it must be. */
export async function readElection(reader: LedgerReader, id: Bytes): Promise<CheckedElection> {
  const manifest = readManifest(await reader.manifest(id));
  const [acts, confirmed] = await Promise.all([
    reader.find(id, PHASES),
    reader.indexes(id, [KIND.confirm]),
  ]);
  const hasKey = confirmed.length >= manifest.trustees.least;
  return {
    id,
    ledgerId: reader.ledgerId,
    manifest,
    stage: stageOf(acts, hasKey),
    reason: reasonOf(acts),
    endsUnixS: endOf(manifest, acts),
  };
}

const STAGES: ReadonlyMap<number, Stage> = new Map<number, Stage>([
  [KIND.open, "open"],
  [KIND.pause, "paused"],
  [KIND.resume, "open"],
  [KIND.cancel, "canceled"],
  [KIND.close, "closed"],
  [KIND.quorum, "counting"],
  [KIND.share, "counting"],
  [KIND.notOpenable, "not openable"],
  [KIND.outcome, "final"],
]);

function stageOf(acts: readonly Proven[], hasKey: boolean): Stage {
  const stages = acts.flatMap(({ entry }) => STAGES.get(entry.kind) ?? []);
  return stages.at(-1) ?? (hasKey ? "ready" : "preparing");
}

function reasonOf(acts: readonly Proven[]): string {
  const last = acts.at(-1)?.entry;
  return last?.kind === KIND.pause || last?.kind === KIND.cancel ? last.body.reason : "";
}

function endOf(manifest: Manifest, acts: readonly Proven[]): number | null {
  const closed = actsOf(acts, KIND.close).at(-1);
  if (closed !== undefined) return Number(closed.body.time);
  const extended = actsOf(acts, KIND.extend).at(-1);
  return extended === undefined ? manifest.closesUnixS : Number(extended.body.end);
}

/** Checks that the registrar bound this credential to this row, by the acts of the row. */
export function isEnrolled(
  { ledgerId, membership }: LedgerReader,
  manifest: Manifest,
  acts: readonly Proven[],
  row: number,
  credential: Bytes,
): boolean {
  const last = acts.findLast(
    ({ entry }) => entry.kind === KIND.enroll || entry.kind === KIND.replace,
  )?.entry;
  if (last?.kind === KIND.enroll) {
    checkSigners(last, { registrar: true }, { ledgerId, membership, manifest });
    return last.body.enrollments.some(
      ([number, key]) => Number(number) === row && isEqual(key, credential),
    );
  }
  if (last?.kind === KIND.replace) {
    const hasOrganizers = last.signatures.some(({ role }) => role === 1);
    const due = { registrar: true, organizers: hasOrganizers };
    checkSigners(last, due, { ledgerId, membership, manifest });
    return Number(last.body.row) === row && isEqual(last.body.credential, credential);
  }
  return false;
}
