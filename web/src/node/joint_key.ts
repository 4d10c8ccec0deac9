/** The joint key, from the key ceremony that this page itself judges again (7, 8.1). */

import type { BallotSetting } from "../crypto/ballot/ballot.ts";
import type { Bytes } from "../crypto/encoding/bytes.ts";
import { KIND } from "../crypto/entries/bodies.ts";
import { InvalidCeremony } from "../crypto/errors.ts";
import { GeneratorStore } from "../crypto/group/generators.ts";
import { entryHash } from "../crypto/identities.ts";
import { Ceremony, type CeremonyAct } from "../crypto/ledger/ceremony.ts";
import { checkSigners } from "../crypto/ledger/signers.ts";
import { ballotSetting } from "../crypto/ledger/voting.ts";
import type { Manifest } from "../crypto/manifest/manifest.ts";
import type { CheckedElection } from "./election.ts";
import type { LedgerReader, Proven } from "./reader.ts";

const CEREMONY = [KIND.commit, KIND.reveal, KIND.deal, KIND.complain, KIND.confirm, KIND.drop];

/**
 * Gives what ballots are made with.
 *
 * @throws InvalidCeremony where the ledger shows no complete ceremony; Refused where it shows acts
 *   that nobody may have accepted.
 */
export async function readSetting(
  reader: LedgerReader,
  { id, manifest }: CheckedElection,
): Promise<BallotSetting> {
  const ceremony = replay(reader, id, manifest, await reader.find(id, CEREMONY));
  if (!ceremony.isComplete) throw new InvalidCeremony("the key holders have not made the key");
  return ballotSetting(manifest, id, ceremony, new GeneratorStore());
}

/** Judges all acts of the key ceremony again, in the log's order. */
function replay(
  { ledgerId, membership }: LedgerReader,
  id: Bytes,
  manifest: Manifest,
  acts: readonly Proven[],
): Ceremony {
  const ceremony = new Ceremony(manifest, id);
  const keys = { ledgerId, membership, manifest };
  for (const { entry, bytes } of acts) {
    if (entry.kind === KIND.drop) {
      checkSigners(entry, { organizers: true }, keys);
      ceremony.drop(entry.body);
    } else if (isCeremonyAct(entry)) {
      checkSigners(entry, { trustee: true }, keys);
      ceremony.judge(entry, Number(entry.signatures[0]?.party ?? 0n), entryHash(bytes));
    }
  }
  return ceremony;
}

function isCeremonyAct(entry: Proven["entry"]): entry is CeremonyAct {
  return entry.kind !== KIND.drop && CEREMONY.some((kind) => kind === entry.kind);
}
