import { describe, expect, test } from "vitest";
import {
  type BallotSetting,
  type CastBallot,
  checkBallot,
  judgeBallots,
  proveBallot,
  readBallot,
} from "../src/crypto/ballot/ballot.ts";
import { signCast } from "../src/crypto/ballot/cast.ts";
import { makeCredential } from "../src/crypto/ballot/credential.ts";
import { makePlan } from "../src/crypto/contest/plan.ts";
import { toHex, u32 } from "../src/crypto/encoding/bytes.ts";
import { InvalidScores, ProtocolError } from "../src/crypto/errors.ts";
import { GeneratorStore } from "../src/crypto/group/generators.ts";
import { freshBytes, sha256, toPoint } from "../src/crypto/hash.ts";
import { judgeClaims } from "../src/crypto/group/sums.ts";
import { BASE, multiplyVartime } from "../src/crypto/group/point.ts";
import { reduce } from "../src/crypto/group/scalar.ts";

const OPTIONS = 3;
const SETTING: BallotSetting = {
  electionId: sha256(u32(1)),
  jointKeyDigest: sha256(u32(2)),
  slotKeys: Array.from({ length: OPTIONS }, (_, slot) => toPoint("points", u32(slot))),
  generators: new GeneratorStore(),
  styles: [[{ number: 0, plan: makeShape() }]],
};

function makeShape(): ReturnType<typeof makePlan> {
  const coefficients = Array.from({ length: OPTIONS }, (_, i): [number, bigint] => [i, 1n]);
  return makePlan({ options: OPTIONS, top: 2n, limits: [{ coefficients, low: 1n, high: 3n }] });
}

function castBallot(scores: readonly bigint[], seed: Uint8Array): CastBallot {
  const { secret, bytes: credential } = makeCredential(sha256(seed));
  const { bytes: ballot } = proveBallot(SETTING, { style: 0, credential }, [scores], seed);
  const cast = { style: 0, sequence: 1n, ballot };
  const signature = signCast(secret, freshBytes(), { electionId: SETTING.electionId, ...cast });
  return { ...cast, credential, signature };
}

/** A stream of numbers that a printed seed gives again. */
function numbersFrom(seed: Uint8Array): (end: number) => number {
  let count = 0;
  return (end) => {
    const hash = sha256(Uint8Array.from([...seed, ...u32(count++)]));
    return ((hash[0] ?? 0) * 65536 + (hash[1] ?? 0) * 256 + (hash[2] ?? 0)) % end;
  };
}

describe("a ballot", () => {
  test.each([
    ["below a limit", [0n, 0n, 0n]],
    ["above a limit", [2n, 2n, 0n]],
    ["above the top", [3n, 0n, 0n]],
    ["negative", [-1n, 2n, 0n]],
    ["of another contest", [1n, 0n]],
  ])("with scores %s is not made", (_name, scores) => {
    expect(() => castBallot(scores, freshBytes())).toThrow(InvalidScores);
  });

  test("holds for every lawful list of scores", () => {
    const seed = freshBytes();
    const ballots = [0n, 1n, 2n]
      .flatMap((a) => [0n, 1n, 2n].flatMap((b) => [0n, 1n, 2n].map((c) => [a, b, c])))
      .filter((scores) => {
        const sum = scores.reduce((total, score) => total + score, 0n);
        return sum >= 1n && sum <= 3n;
      })
      .map((scores) => readBallot(SETTING, castBallot(scores, seed)));
    expect(judgeBallots(SETTING, ballots), `seed ${toHex(seed)}`).not.toContain(false);
  });

  test("changed anywhere is refused, alone and in bulk", () => {
    const seed = freshBytes();
    const random = numbersFrom(seed);
    const cast = castBallot([1n, 0n, 1n], seed);
    for (let i = 0; i < 20; i++) {
      const ballot = cast.ballot.slice();
      const at = random(ballot.length);
      ballot[at] = (ballot[at] ?? 0) ^ (1 << random(8));
      const verdict = (): boolean => {
        try {
          const read = readBallot(SETTING, { ...cast, ballot });
          expect(judgeBallots(SETTING, [read])).toEqual([false]);
          checkBallot(SETTING, read);
          return true;
        } catch (error) {
          if (error instanceof ProtocolError) return false;
          throw error;
        }
      };
      expect(verdict(), `seed ${toHex(seed)}, byte ${at}`).toBe(false);
    }
  });

  test("of somebody else fails under another credential", () => {
    const cast = castBallot([1n, 0n, 0n], freshBytes());
    const { bytes: credential } = makeCredential(freshBytes());
    const copied = readBallot(SETTING, { ...cast, credential });
    expect(judgeBallots(SETTING, [copied])).toEqual([false]);
  });
});

describe("claims judged together", () => {
  test("each get their own verdict", () => {
    const claim = (isTrue: boolean, i: number): Parameters<typeof judgeClaims>[0][number] => {
      const scalar = BigInt(i + 2);
      const point = multiplyVartime(BASE, scalar);
      const off = isTrue ? scalar : scalar + 1n;
      return [
        [
          [1n, point],
          [reduce(-off), BASE],
        ],
      ];
    };
    const truths = [true, true, false, true, true, true, false, false, true];
    expect(judgeClaims(truths.map(claim))).toEqual(truths);
    expect(judgeClaims([])).toEqual([]);
  });

  test("are not fooled by faults that cancel each other", () => {
    const claims = [1n, -1n].map((fault) => [[[reduce(fault), BASE] as const]]);
    expect(judgeClaims(claims)).toEqual([false, false]);
  });
});
