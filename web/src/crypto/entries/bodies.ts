/** The bodies of all acts, by kind (9.2). */

import {
  type Read,
  type Reader,
  digest,
  fields,
  list,
  positive,
  proof,
  sizedBytes,
  sizedText,
  tuple,
  uint,
  uintOf,
} from "./schema.ts";

export const KIND = {
  genesis: 0,
  gateway: 1,
  manifestPart: 2,
  announce: 3,
  consortium: 4,
  join: 5,
  leave: 6,
  rotate: 7,
  rollChunk: 8,
  rollSeal: 9,
  rollChange: 10,
  enroll: 11,
  replace: 12,
  equivocation: 13,
  quorum: 14,
  commit: 16,
  reveal: 17,
  deal: 18,
  complain: 19,
  confirm: 20,
  drop: 21,
  open: 24,
  pause: 25,
  resume: 26,
  extend: 27,
  cancel: 28,
  close: 29,
  cast: 32,
  seal: 40,
  lost: 41,
  notOpenable: 42,
  share: 43,
  result: 44,
  outcome: 45,
} as const;

const MEMBERS_MAX = 64;
const OPTIONS_MAX = 512;
const LONG_BYTES_MAX = 65_000;

const key = digest;
const point = digest;
const attempt = positive;
const trustee = positive;
const time = uint;
const name = sizedText(200);
const reason = sizedText(1000);
const longBytes = sizedBytes(0, LONG_BYTES_MAX);
const hash = sizedBytes(0, 32);

const member = fields({ name: [0, name], signingKey: [1, key], cosigningKey: [2, key] });
const validator = fields({
  name: [0, name],
  signingKey: [1, key],
  cosigningKey: [2, key],
  validatorKey: [3, key],
});
const row = tuple(digest, uint, uint, uint);
const rowChange = tuple(uint, uint, uint, uint);
const enrollment = tuple(uint, point, proof);
const vote = tuple(hash, uint, hash, uint, uint, proof);
const numbers = list(uint, 0, OPTIONS_MAX);

export const BODIES = {
  [KIND.genesis]: fields({
    version: [0, uintOf(1, 1)],
    random: [1, digest],
    mode: [2, uintOf(0, 0)],
    members: [3, list(member, 1, MEMBERS_MAX)],
  }),
  [KIND.gateway]: fields({ key: [0, key] }),
  [KIND.manifestPart]: fields({
    manifest: [0, digest],
    part: [1, uint],
    bytes: [2, sizedBytes(1, 60_000)],
  }),
  [KIND.announce]: fields({ manifest: [0, digest], length: [1, uint] }),
  [KIND.consortium]: fields({
    random: [0, digest],
    time: [1, time],
    validators: [2, list(validator, 4, MEMBERS_MAX)],
  }),
  [KIND.join]: fields({ validator: [0, validator] }),
  [KIND.leave]: fields({ member: [0, uint], reason: [1, reason] }),
  [KIND.rotate]: fields({
    member: [0, uint],
    signingKey: [1, key],
    cosigningKey: [2, key],
    validatorKey: [3, key],
  }),
  [KIND.rollChunk]: fields({ chunk: [0, uint], rows: [1, list(row, 1, 1000)] }),
  [KIND.rollSeal]: fields({ count: [0, uint], weight: [1, uint], digest: [2, digest] }),
  [KIND.rollChange]: fields({
    rows: [0, list(row, 0, 1000)],
    changes: [1, list(rowChange, 0, 1000)],
  }),
  [KIND.enroll]: fields({ enrollments: [0, list(enrollment, 1, 500)] }),
  [KIND.replace]: fields({
    row: [0, uint],
    old: [1, point],
    credential: [2, point],
    possession: [3, proof],
  }),
  [KIND.equivocation]: fields({
    validatorKey: [0, key],
    type: [1, uint],
    engineHeight: [2, uint],
    round: [3, uint],
    votes: [4, list(vote, 2, 2)],
  }),
  [KIND.quorum]: fields({ checkpoint: [0, sizedBytes(1, 16_000)] }),
  [KIND.commit]: fields({
    attempt: [0, attempt],
    transport: [1, point],
    proof: [2, proof],
    commitment: [3, digest],
  }),
  [KIND.reveal]: fields({
    attempt: [0, attempt],
    part: [1, uint],
    points: [2, longBytes],
    proof: [3, longBytes],
  }),
  [KIND.deal]: fields({ attempt: [0, attempt], recipient: [1, trustee], deal: [2, longBytes] }),
  [KIND.complain]: fields({
    attempt: [0, attempt],
    dealer: [1, trustee],
    point: [2, point],
    proof: [3, proof],
  }),
  [KIND.confirm]: fields({ attempt: [0, attempt], digest: [1, digest] }),
  [KIND.drop]: fields({ attempt: [0, attempt], trustee: [1, trustee], reason: [2, reason] }),
  [KIND.open]: fields({ time: [0, time] }),
  [KIND.pause]: fields({ reason: [0, reason] }),
  [KIND.resume]: fields({ reason: [0, reason] }),
  [KIND.extend]: fields({ end: [0, time], reason: [1, reason] }),
  [KIND.cancel]: fields({ reason: [0, reason] }),
  [KIND.close]: fields({ time: [0, time] }),
  [KIND.seal]: fields({ size: [0, uint], root: [1, digest] }),
  [KIND.lost]: fields({ trustees: [0, list(trustee, 1, MEMBERS_MAX)], reason: [1, reason] }),
  [KIND.notOpenable]: fields({ reason: [0, reason] }),
  [KIND.share]: fields({
    contest: [0, uint],
    group: [1, uint],
    shares: [2, longBytes],
    proof: [3, proof],
  }),
  [KIND.result]: fields({
    contest: [0, uint],
    group: [1, uint],
    parts: [2, list(uint, 1, OPTIONS_MAX)],
    ballots: [3, uint],
    weight: [4, uint],
    trustees: [5, list(trustee, 1, MEMBERS_MAX)],
    totals: [6, list(uint, 1, OPTIONS_MAX)],
  }),
  [KIND.outcome]: fields({ contests: [0, list(tuple(uint, numbers, numbers), 1, 64)] }),
} as const satisfies Readonly<Record<number, Reader<unknown>>>;

export type ActKind = keyof typeof BODIES;
export type Body<K extends ActKind> = Read<(typeof BODIES)[K]>;
export type Member = Read<typeof member>;
export type Validator = Read<typeof validator>;
export type Row = Read<typeof row>;
export type Vote = Read<typeof vote>;

export function isActKind(kind: bigint): boolean {
  return kind <= 255n && Number(kind) in BODIES;
}
