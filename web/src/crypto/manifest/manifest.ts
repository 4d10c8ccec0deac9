/** The manifest: everything that is fixed before an election begins (4). */

import type { Bytes } from "../encoding/bytes.ts";
import { toHex } from "../encoding/bytes.ts";
import { type JsonValue, decodeJson } from "../encoding/json.ts";
import { InvalidContest, InvalidManifest, InvalidScores, NotCanonical } from "../errors.ts";
import { isKey } from "../signatures/ed25519.ts";
import { type Contest, readContestOf } from "./contest.ts";
import {
  type Text,
  readAscending,
  readBoolean,
  readHex32,
  readId,
  readInteger,
  readList,
  readObject,
  readString,
  readText,
  readTitle,
  readWord,
  refuse,
  requireDistinct,
} from "./reader.ts";

export interface Party {
  readonly name: string;
  readonly key: Bytes;
}

export interface District {
  readonly id: string;
  readonly title: Text;
}

export interface Manifest {
  readonly kind: "election" | "survey";
  readonly title: Text;
  readonly description: Text;
  readonly nonce: Bytes;
  readonly opensUnixS: number | null;
  readonly closesUnixS: number | null;
  readonly contests: readonly Contest[];
  readonly districts: readonly District[];
  /** For each style, its contests' numbers. */
  readonly styles: readonly (readonly number[])[];
  readonly ballotsPerRow: number;
  readonly smallestTally: number;
  readonly weights: "none" | "guarded" | "revealing";
  readonly signIn: "key" | "code" | "identity";
  readonly organizers: { readonly parties: readonly Party[]; readonly quorum: number };
  readonly registrar: Party;
  readonly trustees: {
    readonly parties: readonly Party[];
    readonly least: number;
    readonly threshold: number;
  };
  readonly singleTrustee: boolean;
}

const MANIFEST_BYTES_MAX = 1_048_576;
const BALLOT_BYTES_MAX = 65_000;
const KEYS = [
  "ballots_per_row",
  "closes",
  "contests",
  "description",
  "districts",
  "kind",
  "nonce",
  "opens",
  "organizers",
  "registrar",
  "secrecy",
  "sign_in",
  "single_trustee",
  "smallest_tally",
  "styles",
  "title",
  "trustees",
  "version",
  "weights",
];

/** Reads a manifest from its bytes, and refuses everything that is none. */
export function readManifest(bytes: Bytes): Manifest {
  if (bytes.length < 1 || bytes.length > MANIFEST_BYTES_MAX) refuse("1 to 1,048,576 bytes");
  try {
    const manifest = readFields(decodeJson(bytes));
    checkTogether(manifest);
    return manifest;
  } catch (error) {
    const isRefusal =
      error instanceof NotCanonical ||
      error instanceof InvalidContest ||
      error instanceof InvalidScores;
    if (isRefusal) throw new InvalidManifest(error.message);
    throw error;
  }
}

function readFields(value: JsonValue): Manifest {
  const object = readObject(value, KEYS);
  readInteger(object["version"], 1, 1);
  readWord(object["secrecy"], ["secret"]);
  const districts = readList(object["districts"], 1, 512).map(readDistrict);
  const contests = readList(object["contests"], 1, 64).map((contest) =>
    readContestOf(contest, districts.length),
  );
  return {
    kind: readWord(object["kind"], ["election", "survey"]),
    title: readTitle(object["title"]),
    description: readText(object["description"], 0, 5000),
    nonce: readHex32(object["nonce"]),
    opensUnixS: readTime(object["opens"]),
    closesUnixS: readTime(object["closes"]),
    contests,
    districts,
    styles: readList(object["styles"], 1, 64).map((style) =>
      readAscending(style, 1, contests.length),
    ),
    ballotsPerRow: readInteger(object["ballots_per_row"], 1, 64),
    smallestTally: readInteger(object["smallest_tally"], 2, 1_000_000),
    weights: readWord(object["weights"], ["none", "guarded", "revealing"]),
    signIn: readWord(object["sign_in"], ["key", "code", "identity"]),
    organizers: readOrganizers(object["organizers"]),
    registrar: readParty(object["registrar"]),
    trustees: readTrustees(object["trustees"]),
    singleTrustee: readBoolean(object["single_trustee"]),
  };
}

function readTime(value: JsonValue | undefined): number | null {
  return value === null ? null : readInteger(value, 0, Number.MAX_SAFE_INTEGER);
}

function readDistrict(value: JsonValue): District {
  const district = readObject(value, ["id", "title"]);
  return { id: readId(district["id"]), title: readTitle(district["title"]) };
}

function readParty(value: JsonValue | undefined): Party {
  const party = readObject(value, ["key", "name"]);
  const key = readHex32(party["key"]);
  if (!isKey(key)) refuse("not a lawful key");
  return { name: readString(party["name"], 1, 200), key };
}

function readOrganizers(value: JsonValue | undefined): Manifest["organizers"] {
  const object = readObject(value, ["parties", "quorum"]);
  const parties = readList(object["parties"], 1, 32).map(readParty);
  return { parties, quorum: readInteger(object["quorum"], 1, parties.length) };
}

function readTrustees(value: JsonValue | undefined): Manifest["trustees"] {
  const object = readObject(value, ["least", "parties", "threshold"]);
  const parties = readList(object["parties"], 1, 64).map(readParty);
  const least = readInteger(object["least"], 1, parties.length);
  return { parties, least, threshold: readInteger(object["threshold"], 1, least) };
}

function checkTogether(manifest: Manifest): void {
  const { opensUnixS, closesUnixS, trustees, organizers, registrar, contests } = manifest;
  if (opensUnixS !== null && closesUnixS !== null && opensUnixS >= closesUnixS) {
    refuse("it closes before it opens");
  }
  requireDistinct(contests.map((contest) => contest.id));
  requireDistinct(manifest.districts.map((district) => district.id));
  const parties = [...organizers.parties, registrar, ...trustees.parties];
  requireDistinct(parties.map((party) => toHex(party.key)));
  if (manifest.singleTrustee) {
    if (trustees.parties.length !== 1) refuse("a single trustee is one");
  } else if (trustees.threshold < 2) {
    refuse("a threshold of at least 2");
  }
  for (const style of manifest.styles.keys()) {
    if (ballotBytes(manifest, style) > BALLOT_BYTES_MAX) refuse("a style's ballot is too long");
  }
}

/** How many bytes a ballot of this style has. */
export function ballotBytes(manifest: Manifest, style: number): number {
  const contests = manifest.styles[style] ?? [];
  return contests.reduce((sum, i) => sum + (manifest.contests[i]?.plan.byteSize ?? 0), 0);
}

/** m: how many slots the joint key has. */
export function slotCount(manifest: Manifest): number {
  return Math.max(...manifest.contests.map((contest) => contest.options.length));
}
