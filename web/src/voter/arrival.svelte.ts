/** A voter's arrival: from a link or code to this device's own place on the roll. */

import type { Credential } from "../crypto/ballot/credential.ts";
import { type Bytes, fromHex, toHex, wipe } from "../crypto/encoding/bytes.ts";
import { encodeUtf8 } from "../crypto/encoding/text.ts";
import { readCheckpoint } from "../crypto/log/checkpoint.ts";
import type { Contest } from "../crypto/manifest/contest.ts";
import { type CheckedElection, isEnrolled, readElection } from "../node/election.ts";
import type { Node } from "../node/fetching.ts";
import { LedgerReader } from "../node/reader.ts";
import { type RowRecord, readRow } from "../node/row.ts";
import { BadLink, requireBrowser } from "../parts/wrong.ts";
import { readCode, tokenOf } from "./code.ts";
import { type Device, type Place, keepDevice, keptDevice } from "./device.ts";
import {
  HasVoted,
  type Invitation,
  UnknownCode,
  askRegistrar,
  enroll,
  findPlace,
} from "./joining.ts";

export type Screen =
  | "loading"
  | "wrong"
  | "code"
  | "elsewhere"
  | "voted elsewhere"
  | "welcome"
  | "contest"
  | "review"
  | "test"
  | "opened"
  | "sending"
  | "done"
  | "refused";

export const clock = (): number => Math.floor(Date.now() / 1_000);

export abstract class Arrival {
  screen = $state<Screen>("loading");
  error = $state.raw<unknown>(null);
  election = $state.raw<CheckedElection | null>(null);
  organizations = $state.raw<readonly string[]>([]);
  isConsortium = $state(false);
  device = $state.raw<Device | null>(null);
  /** The voter's own row, as the roll has it. */
  place = $state.raw<Place | null>(null);
  record = $state.raw<RowRecord | null>(null);
  isBusy = $state(false);
  codeFault = $state<"" | "bad" | "unknown">("");
  protected readonly node: Node;
  protected readonly shelf: Storage;
  protected id: Bytes | null = null;
  protected reader: LedgerReader | null = null;
  private code = "";
  private invitation: Invitation | null = null;

  constructor(node: Node, shelf: Storage) {
    this.node = node;
    this.shelf = shelf;
  }

  /** The contests of this voter's ballot. */
  get contests(): readonly Contest[] {
    const { manifest } = this.election ?? {};
    const numbers = manifest?.styles[this.place?.style ?? 0] ?? [];
    return numbers.flatMap((number) => manifest?.contests[number] ?? []);
  }

  /** How many ballots this row may still record. */
  get ballotsLeft(): number {
    return (this.election?.manifest.ballotsPerRow ?? 0) - (this.record?.ballots.length ?? 0);
  }

  /** The address without the code: it has done its work. */
  get address(): string {
    return this.id === null ? "" : `#e=${toHex(this.id)}`;
  }

  /** Begins with what the link says: an election id, a code, or neither. */
  async begin(link: URLSearchParams): Promise<void> {
    await this.guarded(async () => {
      requireBrowser();
      const name = link.get("e") ?? "";
      if (name !== "" && !/^[0-9a-f]{64}$/.test(name)) throw new BadLink("no election id");
      this.code = link.get("c") ?? "";
      await this.learnNodes();
      this.id = name === "" ? await this.onlyElection() : fromHex(name);
      await this.look();
      const device = keptDevice(this.shelf, this.id);
      if (device !== null) await this.goOn(device);
      else if (this.code === "") this.screen = "code";
      else await this.join(this.code);
    });
  }

  /** Takes a typed code. */
  async enterCode(text: string): Promise<void> {
    await this.guarded(async () => {
      await this.join(text);
    });
  }

  /** Starts anew on this device, although another one holds the row. */
  async startHere(): Promise<void> {
    await this.guarded(async () => {
      await this.enroll();
    });
  }

  /** Sends what was signed before and is not known to be recorded. */
  protected abstract send(): Promise<void>;

  /** Takes the ledger's newest state, which must continue the one seen before. */
  protected async look(): Promise<void> {
    const { id } = this;
    if (id === null) throw new BadLink("no vote");
    this.reader = await LedgerReader.open(this.node, clock(), this.reader?.tiles);
    const before = keptDevice(this.shelf, id)?.checkpoint ?? "";
    if (before !== "") await this.reader.checkContinues(readCheckpoint(encodeUtf8(before)));
    this.election = await readElection(this.reader, id);
    this.organizations = this.reader.organizations;
    this.isConsortium = this.reader.membership.keeper === "consortium";
  }

  protected async readOwnRow(): Promise<void> {
    const { reader, election, device } = this;
    if (reader === null || election === null || device === null) return;
    const { row } = device.place;
    this.record = readRow(row, await reader.findRow(election.id, row));
  }

  protected keep(device: Device): void {
    this.device = device;
    if (this.id !== null) keepDevice(this.shelf, this.id, device);
  }

  /** Runs one thing at a time: a second press changes nothing. */
  protected async guarded(action: () => Promise<void>): Promise<void> {
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

  private async learnNodes(): Promise<void> {
    const { nodes } = await this.node.getJson("nodes").catch(() => ({ nodes: [] }));
    if (Array.isArray(nodes)) this.node.addAll(nodes.filter((each) => typeof each === "string"));
  }

  /** The ledger's election where it has one alone; else the link must say which. */
  private async onlyElection(): Promise<Bytes> {
    const { elections } = await this.node.getJson("status");
    const [first, ...more] = Array.isArray(elections) ? elections : [];
    const name = (first as { election?: unknown } | undefined)?.election;
    if (typeof name !== "string" || more.length > 0) throw new BadLink("which vote is meant");
    return fromHex(name);
  }

  /** From a code to this device's own credential. */
  private async join(text: string): Promise<void> {
    const { id, reader } = this;
    if (id === null || reader === null) throw new BadLink("no vote");
    const code = readCode(text);
    this.codeFault = code === null ? "bad" : "";
    if (code === null) {
      this.screen = "code";
      return;
    }
    try {
      this.invitation = await askRegistrar(this.node, id, tokenOf(id, code));
    } catch (error) {
      if (!(error instanceof UnknownCode)) throw error;
      this.codeFault = "unknown";
      this.screen = "code";
      return;
    }
    wipe(code);
    this.place = await findPlace(reader, id, this.invitation);
    if (this.invitation.state === "free") await this.enroll();
    else this.screen = this.invitation.state === "voted" ? "voted elsewhere" : "elsewhere";
  }

  private async enroll(): Promise<void> {
    const { election, invitation, place } = this;
    if (election === null || invitation === null || place === null) return;
    const keep = (credential: Credential): void => {
      this.keep(newDevice(place, credential));
    };
    try {
      await enroll(this.node, election, invitation, keep, clock);
    } catch (error) {
      if (!(error instanceof HasVoted)) throw error;
      this.screen = "voted elsewhere";
      return;
    }
    await this.look();
    await this.arrive();
  }

  /** Goes on where this device stopped. */
  private async goOn(device: Device): Promise<void> {
    const { reader, election } = this;
    if (reader === null || election === null) return;
    this.device = device;
    this.place = device.place;
    const { row } = device.place;
    const acts = await reader.findRow(election.id, row);
    const isOwn = isEnrolled(reader, election.manifest, acts, row, device.credential);
    if (!isOwn && this.code !== "") {
      await this.join(this.code);
      return;
    }
    await this.readOwnRow();
    if (!isOwn) this.screen = "code";
    else if (device.waiting === null) await this.arrive();
    else await this.send();
  }

  private async arrive(): Promise<void> {
    await this.readOwnRow();
    this.screen = "welcome";
    history.replaceState({ screen: "welcome", at: 0 }, "", location.pathname + this.address);
  }
}

function newDevice(place: Place, { secret, bytes }: Credential): Device {
  const fresh = { sequence: 0, waiting: null, promise: null, last: "", checkpoint: "" };
  return { place, secret, credential: bytes, ...fresh };
}
