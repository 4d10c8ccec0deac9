/** Sending a signed ballot until this page itself has seen that it is recorded. */

import type { Bytes } from "../crypto/encoding/bytes.ts";
import type { Node } from "../node/fetching.ts";
import type { Keepers } from "../node/reader.ts";
import { type Recorded, submit, whetherRecorded } from "../node/submitting.ts";

/** How far a ballot has come; only `recorded` means that it counts. */
export type Progress =
  | { readonly step: "sending" | "waiting"; readonly tries: number; readonly address: string }
  | { readonly step: "trying"; readonly tries: number; readonly address: string }
  | { readonly step: "recorded"; readonly recorded: Recorded }
  | { readonly step: "refused"; readonly check: string; readonly why: string };

/** What sending needs of its surroundings. */
export interface Surroundings {
  readonly node: Node;
  readonly keepers: Keepers;
  /** This device's clock, seconds since 1970. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
  /** Keeps a gateway's promise, with which anyone can judge whether it was broken. */
  readonly onPromise: (promise: Bytes) => void;
  /** Whether voting is over for good, as the ledger shows it now. */
  readonly isOver: () => Promise<boolean>;
}

const WAITS = 3; // of ten seconds each, before another node is asked
const PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 10_000;

/** Sends the same bytes, to one node after another, until they are recorded or refused for good. */
export async function deliver(entry: Bytes, around: Surroundings): Promise<Progress> {
  for (let tries = 1; ; tries++) {
    const end = await tryOnce(entry, tries, around);
    if (end !== null) {
      around.onProgress(end);
      return end;
    }
    around.onProgress({ step: "trying", tries, address: around.node.address });
    await around.sleep(Math.min(PAUSE_MS * tries, PAUSE_MS_MAX));
  }
}

/** One attempt; `null`: not yet, try again. */
async function tryOnce(
  entry: Bytes,
  tries: number,
  around: Surroundings,
): Promise<Progress | null> {
  const { node, onProgress, clock, keepers } = around;
  try {
    onProgress({ step: "sending", tries, address: node.address });
    const [verdict] = await submit(node, [entry]);
    if (verdict === undefined) return null;
    if (verdict.verdict === "refused") {
      // A pause or an opening that this node has not seen yet may end; the rest is for good.
      const mayEnd = verdict.check === "C15" && !(await around.isOver());
      return mayEnd ? null : { step: "refused", check: verdict.check, why: verdict.why };
    }
    if (verdict.verdict === "later") {
      await around.sleep(verdict.retryAfterS * 1_000);
      return null;
    }
    if (verdict.verdict === "queued" && verdict.promise !== null) around.onPromise(verdict.promise);
    onProgress({ step: "waiting", tries, address: node.address });
    for (let waited = 0; waited < WAITS; waited++) {
      const recorded = await whetherRecorded(node, keepers, entry, clock);
      if (recorded !== null) return { step: "recorded", recorded };
    }
  } catch {
    // Silence, nonsense and proofs that do not hold are all the same here: not recorded yet.
  }
  node.turn();
  return null;
}
