/** One voter's way from the welcome to a recorded vote: which screen is shown, what is next. */

import type { BallotSetting } from "../crypto/ballot/ballot.ts";
import { ballotHash } from "../crypto/ballot/tracker.ts";
import { type Bytes, toHex, wipe } from "../crypto/encoding/bytes.ts";
import { KIND } from "../crypto/entries/bodies.ts";
import { decodeEntry } from "../crypto/entries/entry.ts";
import { recordedSequence } from "../node/row.ts";
import { saveFile } from "../parts/saving.ts";
import { Arrival, type Screen, clock } from "./arrival.svelte.ts";
import type { PreparedBallot } from "./ballots.ts";
import type { Answer } from "./choosing.ts";
import { keptDevice, nextSequence } from "./device.ts";
import type { Progress } from "./sending.ts";

type Voting = typeof import("./voting.ts");

/** Screens that the browser's Back leads to; the others have happened and are not gone back to. */
const STEPS: readonly Screen[] = ["welcome", "contest", "review", "test"];
const OVER: readonly Screen[] = ["sending", "done", "refused"];
const GOES_ON: readonly string[] = ["open", "paused", "ready", "preparing"];
const LOCK = "hanpyo cast";

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs one thing at a time over all tabs of this browser, where it can tell. */
async function alone(name: string, action: () => void): Promise<void> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks === undefined) action();
  else await locks.request(name, action);
}

export class Session extends Arrival {
  answers = $state.raw<readonly Answer[]>([]);
  /** Which contest is shown, from 0. */
  at = $state(0);
  /** Whether one contest is changed from the review. */
  isChanging = $state(false);
  ballot = $state.raw<PreparedBallot | null>(null);
  /** What the second device is shown after a ballot was opened. */
  challenge = $state("");
  progress = $state.raw<Progress | null>(null);
  /** The whole hash of the ballot that is under way, opened, or recorded. */
  hash = $state.raw<Bytes | null>(null);
  /** A promise with its ballot, with which anyone can judge whether it was broken. */
  evidence = $state.raw<Bytes | null>(null);
  private setting: BallotSetting | null = null;
  private voting: Voting | null = null;

  /** Goes to a screen, so that Back leads to where one was. */
  show(screen: Screen, at = this.at): void {
    this.at = at;
    this.screen = screen;
    history.pushState({ screen, at }, "");
  }

  /** Follows the browser's Back and Forward, where that is possible. */
  goTo(state: unknown): void {
    if (OVER.includes(this.screen) || typeof state !== "object" || state === null) return;
    const { screen, at } = state as { screen?: Screen; at?: number };
    if (screen === undefined || !STEPS.includes(screen)) return;
    if (screen !== "review" && screen !== "test") this.dropBallot();
    this.isChanging = false;
    this.at = at ?? 0;
    this.screen = screen;
    if (screen === "review" && this.ballot === null) void this.review();
  }

  /** Fetches what voting takes, and checks the joint key; nothing is encrypted before. */
  async prepare(): Promise<BallotSetting> {
    this.voting ??= await import("./voting.ts");
    if (this.reader === null || this.election === null) throw new Error("nothing is checked");
    this.setting ??= await this.voting.readSetting(this.reader, this.election);
    return this.setting;
  }

  /** Begins to fill in a fresh ballot. */
  async fillIn(): Promise<void> {
    await this.guarded(async () => {
      await this.look();
      if (this.election?.stage !== "open") return;
      const setting = await this.prepare();
      this.answers = this.emptyAnswers();
      this.show("contest", 0);
      const style = this.place?.style ?? 0;
      // Tables are made while the voter reads.
      setTimeout(() => this.voting?.prepareProving(setting, style), 50);
    });
  }

  /** Goes back to one contest from the review. */
  change(at: number): void {
    this.isChanging = true;
    this.show("contest", at);
  }

  answer(at: number, answer: Answer): void {
    this.answers = this.answers.map((each, i) => (i === at ? answer : each));
    this.dropBallot();
  }

  /** Encrypts the answers, so that the ballot's number stands on the review. */
  async review(): Promise<void> {
    this.isChanging = false;
    if (this.screen !== "review") this.show("review");
    await sleep(0); // the screen first
    await this.guarded(async () => {
      const setting = await this.prepare();
      const { device, place, voting } = this;
      if (device === null || place === null || voting === null) return;
      const { style } = place;
      this.ballot ??= voting.prepareBallot(setting, style, device.credential, this.answers);
    });
  }

  /** Casts the ballot: signs it, keeps it, and sends it until it is recorded. */
  async cast(): Promise<void> {
    await this.guarded(async () => {
      await alone(`${LOCK} ${this.address}`, () => {
        this.sign();
      });
      await this.send();
    });
  }

  /** Shows the whole hash to a second device; only then is it decided. */
  test(): void {
    if (this.ballot !== null) this.show("test");
  }

  /** Opens the ballot to the second device; it can never be cast any more. */
  open(): void {
    const { ballot, place, id, voting } = this;
    if (ballot === null || place === null || id === null || voting === null) return;
    this.challenge = voting.encodeChallenge({
      electionId: id,
      row: place.row,
      style: ballot.style,
      hash: ballot.hash,
      seed: ballot.seed,
      scores: this.answers.map(({ scores }) => scores.map(BigInt)),
    });
    this.hash = ballot.hash;
    this.dropBallot();
    this.screen = "opened";
    history.replaceState(null, "");
  }

  /** Goes back to a fresh ballot, with the selections kept. */
  async afresh(): Promise<void> {
    this.challenge = "";
    await this.review();
  }

  /** Hands the evidence to the voter, as a promise file. */
  saveEvidence(): void {
    if (this.evidence === null) return;
    saveFile("evidence.promise", new Uint8Array(this.evidence), "application/cbor");
  }

  /** Begins over, after a vote was recorded or refused. */
  async changeVote(): Promise<void> {
    await this.guarded(async () => {
      await this.look();
      await this.readOwnRow();
    });
    await this.fillIn();
  }

  protected override async send(): Promise<void> {
    this.voting ??= await import("./voting.ts");
    const { device, reader, id, voting } = this;
    if (device?.waiting == null || reader === null || id === null) return;
    const entry = decodeEntry(device.waiting);
    this.hash = entry.kind === KIND.cast ? ballotHash(id, entry.ballot) : null;
    this.screen = "sending";
    history.replaceState(null, "");
    const end = await voting.deliver(device.waiting, {
      node: this.node,
      keepers: reader.keepers,
      clock,
      sleep,
      onProgress: (progress) => {
        this.progress = progress;
      },
      onPromise: (promise) => {
        this.keepPromise(promise);
      },
      isOver: async () => {
        await this.look();
        return !GOES_ON.includes(this.election?.stage ?? "");
      },
    });
    this.settle(end);
  }

  /** Signs the ballot and keeps it, unless another tab has signed one meanwhile. */
  private sign(): void {
    const { ballot, id, record, setting, voting } = this;
    if (ballot === null || id === null || setting === null || voting === null) return;
    const device = keptDevice(this.shelf, id) ?? this.device;
    if (device === null) return;
    if (device.waiting === null) {
      const sequence = nextSequence(device, record === null ? 0 : recordedSequence(record));
      const entry = voting.signBallot(setting, ballot, device, sequence);
      this.keep({ ...device, sequence, waiting: entry, promise: null });
    } else {
      this.keep(device);
    }
    this.forget();
  }

  private keepPromise(promise: Bytes): void {
    const { device, voting } = this;
    if (device?.waiting == null || voting === null) return;
    this.keep({ ...device, promise });
    this.evidence = voting.encodePromiseFile(promise, device.waiting);
  }

  private settle(end: Progress): void {
    const { device, hash } = this;
    if (device === null) return;
    if (end.step === "recorded") {
      const last = toHex(hash ?? new Uint8Array());
      this.keep({ ...device, waiting: null, last, checkpoint: end.recorded.text });
      this.screen = "done";
    } else {
      this.keep({ ...device, waiting: null });
      this.screen = "refused";
    }
  }

  private emptyAnswers(): Answer[] {
    const { voting } = this;
    return voting === null ? [] : this.contests.map((contest) => voting.emptyAnswer(contest));
  }

  private dropBallot(): void {
    if (this.ballot !== null) wipe(this.ballot.seed);
    this.ballot = null;
  }

  /** Lets go of everything that says how somebody voted. */
  private forget(): void {
    this.dropBallot();
    this.answers = [];
    this.challenge = "";
  }
}
