/** One person's way through finding a vote or testing another device. */

import { type Bytes, fromHex, toHex } from "../crypto/encoding/bytes.ts";
import { InvalidProof } from "../crypto/errors.ts";
import { type CheckedElection, readElection } from "../node/election.ts";
import { Node } from "../node/fetching.ts";
import { readSetting } from "../node/joint_key.ts";
import { LedgerReader } from "../node/reader.ts";
import { readRow } from "../node/row.ts";
import { BadLink } from "../parts/wrong.ts";
import { type Challenge, checkChallenge, decodeChallenge } from "../voter/challenge.ts";
import { type Asked, readAsked } from "./asked.ts";
import { type Found, find } from "./finding.ts";
import { noteSeen, wasSeen } from "./seen.ts";

type Screen =
  "loading" | "wrong" | "ask" | "found" | "missing" | "seen" | "open" | "opened" | "good" | "bad";

export class Session {
  screen = $state<Screen>("loading");
  error = $state.raw<unknown>(null);
  election = $state.raw<CheckedElection | null>(null);
  reader = $state.raw<LedgerReader | null>(null);
  asked = $state.raw<Asked | null>(null);
  found = $state.raw<Found | null>(null);
  challenge = $state.raw<Challenge | null>(null);
  /** The hash that another device shows, in hex. */
  hash = $state("");
  isFirst = $state(false);
  isBusy = $state(false);
  isBad = $state(false);
  private readonly node: Node;
  private readonly shelf: Storage;

  constructor(node: Node, shelf: Storage) {
    this.node = node;
    this.shelf = shelf;
  }

  get address(): string {
    return this.election === null ? "" : `#e=${toHex(this.election.id)}`;
  }

  /** Begins with what the link says: a number to find, a hash to note, or an opened ballot. */
  async begin(link: URLSearchParams): Promise<void> {
    await this.guarded(async () => {
      const name = link.get("e") ?? "";
      if (!/^[0-9a-f]{64}$/.test(name)) throw new BadLink("no election id");
      await this.look(fromHex(name));
      const [number, hash, opened] = [link.get("n"), link.get("b"), link.get("o")];
      if (hash !== null) this.note(hash);
      else if (opened !== null) this.read(opened);
      else if (number !== null) await this.search(number);
      else this.screen = "ask";
    });
  }

  async ask(text: string): Promise<void> {
    await this.guarded(async () => {
      if (this.election !== null) await this.look(this.election.id);
      await this.search(text);
    });
  }

  /** Makes an opened ballot again, for the row that the voter's own letter names. */
  async openFor(row: number): Promise<void> {
    await this.guarded(async () => {
      const { election, reader, challenge } = this;
      if (election === null || reader === null || challenge === null) return;
      const setting = await readSetting(reader, election);
      const { credential } = readRow(row, await reader.findRow(election.id, row));
      try {
        if (credential === null) throw new InvalidProof("the row has no credential");
        checkChallenge(setting, challenge, fromHex(this.hash), credential);
        this.screen = "opened";
      } catch (error) {
        if (!(error instanceof InvalidProof) && !(error instanceof RangeError)) throw error;
        this.screen = "bad";
      }
    });
  }

  private async look(id: Bytes): Promise<void> {
    this.reader = await LedgerReader.open(this.node, Math.floor(Date.now() / 1_000));
    this.election = await readElection(this.reader, id);
  }

  private async search(text: string): Promise<void> {
    const { reader, election } = this;
    this.asked = readAsked(text);
    this.isBad = this.asked === null;
    if (this.asked === null || reader === null || election === null) {
      this.screen = "ask";
      return;
    }
    this.found = await find(reader, election.id, this.asked);
    this.screen = this.found === null ? "missing" : "found";
  }

  private note(hash: string): void {
    if (this.election === null || !/^[0-9a-f]{64}$/.test(hash)) throw new BadLink("no hash");
    noteSeen(this.shelf, this.election.id, hash);
    this.hash = hash;
    this.screen = "seen";
  }

  private read(text: string): void {
    const { election } = this;
    if (election === null) return;
    this.challenge = decodeChallenge(text);
    this.hash = toHex(this.challenge.hash);
    this.isFirst = !wasSeen(this.shelf, election.id, this.hash);
    this.screen = "open";
  }

  private async guarded(action: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await action();
    } catch (error) {
      this.error = error;
      this.screen = "wrong";
    } finally {
      this.isBusy = false;
    }
  }
}
