/** Checks a record's blocks and their proofs while its entries are judged (C05, C26). */

import { orderValidators } from "../consortium/header.ts";
import { checkBlockProof, readBlockProof } from "../consortium/proof.ts";
import { type Bytes, isEqual, toHex } from "../encoding/bytes.ts";
import { InvalidBlockProof, InvalidCheckpoint } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Membership, validatorKeys } from "../ledger/membership.ts";
import { type Block, checkBlockCosignature } from "../log/blocks.ts";
import type { RecordContents } from "./files.ts";
import type { Findings } from "./findings.ts";

/** Validators from a block of this engine height on. */
interface ValidatorSet {
  readonly engineHeight: bigint;
  readonly keys: readonly Bytes[];
}

interface Due {
  readonly block: Block;
  readonly engineHeight: bigint;
  readonly rootBefore: Bytes;
}

/** Who signed a block, by its proof. */
export interface BlockSigners {
  /** When each signed, by member number: seconds since 1970. */
  readonly times: ReadonlyMap<number, number>;
  readonly missing: readonly number[];
}

export class BlockChecker {
  private readonly contents: RecordContents;
  private readonly ledger: Ledger;
  private readonly findings: Findings;
  private before: Block | null = null;
  private wasOperators = true;
  private lastEngineHeight = -1n;
  private rootBefore: Bytes = new Uint8Array();
  private readonly due: Due[] = [];
  private checkedProofs = 0;
  /** Whose validator key each was, by number, in hex. */
  private readonly owners = new Map<string, number>();
  private lastMembership: Membership | null = null;
  private readonly sets: ValidatorSet[] = [];
  private firstValidators: readonly Bytes[] | null = null;

  constructor(contents: RecordContents, ledger: Ledger, findings: Findings) {
    this.contents = contents;
    this.ledger = ledger;
    this.findings = findings;
  }

  /** Looks at a block before its entries are judged; gives the index after its last entry. */
  begin(block: Block): number {
    this.wasOperators = this.ledger.membership?.keeper !== "consortium";
    return Number(block.size < this.size ? block.size : this.size);
  }

  /** Checks a block once its entries are judged. */
  finish(block: Block): void {
    this.findings.count("C05");
    const faults = this.faults(block);
    for (const why of faults.slice(0, 1)) {
      this.findings.fail("C05", Number(block.size) - 1, `block ${block.height}: ${why}`);
    }
    const { membership } = this.ledger;
    if (membership?.keeper === "consortium") {
      this.firstValidators ??= validatorKeys(membership);
      this.noteOwners(membership);
      if ("engineHeight" in block.proof) {
        const { engineHeight } = block.proof;
        this.sets.push({ engineHeight, keys: validatorKeys(membership) });
        this.due.push({ block, engineHeight, rootBefore: this.rootBefore });
        this.lastEngineHeight = engineHeight;
      }
    }
    this.rootBefore = this.rootAt(block.size);
    this.before = block;
  }

  /** Checks the last block, and the proofs of blocks with an engine height that came since. */
  end(): void {
    if (this.before === null) this.findings.failNow("C05", null, "blocks: no block");
    else if (this.before.size !== this.size) {
      this.findings.failNow("C05", Number(this.before.size) - 1, "the last block ends elsewhere");
    }
    const { proofs } = this.contents;
    for (; this.checkedProofs < this.due.length; this.checkedProofs++) {
      const due = this.due[this.checkedProofs];
      if (due !== undefined) this.checkProof(due, proofs[this.checkedProofs]);
    }
    if (proofs.length > this.due.length) this.findings.failNow("C26", null, "a proof too many");
  }

  /** Who signed a block, and whose signature is missing, by its proof; `null`: it has none. */
  signersOf(block: Block): BlockSigners | null {
    const place = this.due.findLastIndex((due) => due.block === block);
    const [due, bytes] = [this.due[place], this.contents.proofs[place]];
    if (due === undefined || bytes === undefined) return null;
    const signedAt = due.engineHeight === 0n ? 1n : due.engineHeight + 1n;
    const keys = orderValidators(this.validatorsAt(signedAt));
    const times = new Map<number, number>();
    for (const [at, seconds] of readBlockProof(bytes).precommits) {
      const member = this.owners.get(toHex(keys[Number(at)] ?? new Uint8Array()));
      if (member !== undefined) times.set(member, Number(seconds));
    }
    const all = keys.map((key) => this.owners.get(toHex(key)) ?? -1);
    return { times, missing: all.filter((member) => !times.has(member)).sort((a, b) => a - b) };
  }

  private noteOwners(membership: Membership): void {
    if (membership === this.lastMembership) return;
    this.lastMembership = membership;
    for (const { number, validatorKey } of membership.members) {
      if (validatorKey !== null) this.owners.set(toHex(validatorKey), number);
    }
  }

  private get size(): bigint {
    return this.contents.checkpoint.size;
  }

  private rootAt(size: bigint): Bytes {
    return size > this.size ? new Uint8Array() : this.contents.tree.rootAt(Number(size));
  }

  private faults(block: Block): string[] {
    const { before } = this;
    const faults: string[] = [];
    if (block.height !== (before?.height ?? 0n) + 1n) faults.push("another height is due");
    if (before === null ? block.size !== 1n : block.size <= before.size) {
      faults.push("another size is due");
    }
    if (before !== null && block.timeUnixS < before.timeUnixS) faults.push("the time falls");
    if (!isEqual(block.root, this.rootAt(block.size))) faults.push("the root is another");
    return [...faults, ...this.proofFaults(block)];
  }

  private proofFaults(block: Block): string[] {
    const { identity, membership } = this.ledger;
    const [operator] = membership?.members ?? [];
    if (identity === null || operator === undefined) return [];
    const isFounding = this.before === null && membership?.keeper === "consortium";
    if ("engineHeight" in block.proof) {
      const { engineHeight } = block.proof;
      if (isFounding) return engineHeight === 0n ? [] : ["engine height 0 is due"];
      if (this.wasOperators) return ["a cosignature is due"];
      return engineHeight > (this.lastEngineHeight > 0n ? this.lastEngineHeight : 0n)
        ? []
        : ["the engine heights do not rise"];
    }
    if (isFounding || !this.wasOperators) return ["an engine height is due"];
    try {
      checkBlockCosignature(block, identity.origin, operator.cosigningKey);
      return [];
    } catch (error) {
      if (error instanceof InvalidCheckpoint) return [error.message];
      throw error;
    }
  }

  private checkProof({ block, engineHeight, rootBefore }: Due, bytes: Bytes | undefined): void {
    this.findings.count("C26");
    const { chainId } = this.ledger;
    try {
      if (bytes === undefined || chainId === null) throw new InvalidBlockProof("no proof");
      checkBlockProof(readBlockProof(bytes), {
        chainId,
        engineHeight,
        timeUnixS: block.timeUnixS,
        rootBefore,
        rootAfter: this.rootAt(block.size),
        validatorsAt: (height) => this.validatorsAt(height),
      });
    } catch (error) {
      if (!(error instanceof InvalidBlockProof)) throw error;
      this.findings.fail("C26", Number(block.size) - 1, error.message);
    }
  }

  /** The active members after all blocks with an engine height of at most `height` - 2. */
  private validatorsAt(height: bigint): readonly Bytes[] {
    const before = this.sets.filter((set) => set.engineHeight <= height - 2n);
    return before.at(-1)?.keys ?? this.firstValidators ?? [];
  }
}
