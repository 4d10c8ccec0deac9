import { describe, expect, test } from "vitest";
import {
  type BallotSetting,
  type CastBallot,
  checkBallot,
  judgeBallots,
  proveBallot,
  readBallot,
} from "../../src/crypto/ballot/ballot.ts";
import { checkCastSignature, signCast } from "../../src/crypto/ballot/cast.ts";
import {
  checkPossession,
  makeCredential,
  provePossession,
} from "../../src/crypto/ballot/credential.ts";
import { ballotHash, trackerOf } from "../../src/crypto/ballot/tracker.ts";
import { type Plan, makePlan } from "../../src/crypto/contest/plan.ts";
import { type Shape, checkScores, scoresToBits } from "../../src/crypto/contest/shape.ts";
import { toHex } from "../../src/crypto/encoding/bytes.ts";
import { ProtocolError } from "../../src/crypto/errors.ts";
import { GeneratorStore } from "../../src/crypto/group/generators.ts";
import { decodePoint } from "../../src/crypto/group/point.ts";
import { decodeScalar, encodeScalar } from "../../src/crypto/group/scalar.ts";
import { codeOf } from "./codes.ts";
import { type Vector, asInteger, asList, asNumber, load, loadKind } from "./load.ts";

const GENERATORS = new GeneratorStore();

function shapeOf(vector: Vector): Shape {
  const limits = vector.vectors("limits").map((limit) => ({
    coefficients: limit.list("coefficients").map((pair): [number, bigint] => {
      const [option, coefficient] = asList(pair);
      return [asNumber(option), asInteger(coefficient)];
    }),
    high: limit.integer("high"),
    low: limit.integer("low"),
  }));
  return { options: vector.number("options"), top: vector.integer("top"), limits };
}

function settingOf(vector: Vector): BallotSetting {
  const contests = vector
    .vectors("contests")
    .map((contest) => ({ number: contest.number("number"), plan: makePlan(shapeOf(contest)) }));
  return {
    electionId: vector.bytes("election_id"),
    jointKeyDigest: vector.bytes("joint_key_digest"),
    slotKeys: vector.bytesList("slot_keys").map(decodePoint),
    generators: GENERATORS,
    styles: [contests],
  };
}

function castOf(vector: Vector): CastBallot {
  return {
    style: vector.number("style"),
    credential: vector.bytes("credential"),
    sequence: vector.integer("sequence"),
    ballot: vector.bytes("ballot"),
    signature: vector.bytes("signature"),
  };
}

describe("shapes", () => {
  test.each(loadKind("shapes", "shape").map((v) => [v.name, v] as const))("%s", (_n, vector) => {
    expect(codeOf(() => makePlan(shapeOf(vector)))).toBe(vector.code);
    if (vector.code !== 0) return;
    const plan: Plan = makePlan(shapeOf(vector));
    expect(plan.bitCount).toBe(vector.number("bit_count"));
    expect(plan.byteSize).toBe(vector.number("byte_size"));
    expect(plan.echelon.free).toEqual(vector.list("free"));
    const equations = plan.equations.map(({ row, u }) => ({
      row: [...row].sort(([a], [b]) => a - b),
      u,
    }));
    const expected = vector.vectors("equations").map((equation) => ({
      row: equation.list("row").map((pair) => {
        const [bit, coefficient] = asList(pair);
        return [asNumber(bit), asInteger(coefficient)];
      }),
      u: equation.integer("u"),
    }));
    expect(equations).toEqual(expected);
    for (const example of vector.vectors("examples")) {
      const bits = scoresToBits(plan.shape, example.list("scores").map(asInteger));
      expect(bits).toEqual(example.list("bits"));
    }
  });
  test.each(loadKind("shapes", "scores").map((v) => [v.name, v] as const))("%s", (_n, vector) => {
    const scores = vector.list("scores").map(asInteger);
    expect(
      codeOf(() => {
        checkScores(shapeOf(vector), scores);
      }),
    ).toBe(vector.code);
  });
});

describe("ballots that hold", () => {
  test.each(load("contests").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const setting = settingOf(vector);
    const scores = vector.list("scores").map((list) => asList(list).map(asInteger));
    const cast = castOf(vector);
    const made = proveBallot(setting, cast, scores, vector.bytes("seed"));
    expect(toHex(made.bytes)).toBe(vector.text("ballot"));
    const challenges = made.contests.map(({ x, y }) => ({
      x: toHex(encodeScalar(x)),
      y: toHex(encodeScalar(y)),
    }));
    expect(challenges).toEqual(vector.list("challenges"));
    checkBallot(setting, readBallot(setting, cast));
  });

  test("are all accepted in bulk", () => {
    for (const vector of load("contests")) {
      const setting = settingOf(vector);
      const ballot = readBallot(setting, castOf(vector));
      expect(judgeBallots(setting, [ballot, ballot])).toEqual([true, true]);
    }
  });
});

describe("ballots that do not hold", () => {
  test.each(load("contests_bad").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const setting = settingOf(vector);
    const code = codeOf(() => {
      checkBallot(setting, readBallot(setting, castOf(vector)));
    });
    expect(code).toBe(vector.code);
  });

  test("are found in bulk, each alone", () => {
    const vectors = load("contests_bad");
    const verdicts = vectors.flatMap((vector) => {
      const setting = settingOf(vector);
      try {
        const ballot = readBallot(setting, castOf(vector));
        const [good] = vectors;
        if (good === undefined) return [];
        const goodSetting = settingOf(good);
        const same = toHex(goodSetting.electionId) === toHex(setting.electionId);
        const others = same ? [readBallot(goodSetting, castOf(good))] : [];
        return [{ vector, verdict: judgeBallots(setting, [ballot, ...others])[0] }];
      } catch (error) {
        if (error instanceof ProtocolError) return [];
        throw error;
      }
    });
    expect(verdicts.length).toBeGreaterThan(20);
    for (const { vector, verdict } of verdicts) expect(verdict).toBe(vector.code === 0);
  });
});

describe("credentials", () => {
  test.each(loadKind("credentials", "credential").map((v) => [v.name, v] as const))(
    "%s",
    (_name, vector) => {
      const { secret, bytes } = makeCredential(vector.bytes("random"));
      expect(toHex(encodeScalar(secret))).toBe(vector.text("secret"));
      expect(toHex(bytes)).toBe(vector.text("credential"));
    },
  );
  test.each(loadKind("credentials", "possession").map((v) => [v.name, v] as const))(
    "%s",
    (_name, vector) => {
      const place = {
        ledgerId: vector.bytes("ledger_id"),
        electionId: vector.bytes("election_id"),
        row: vector.number("row"),
      };
      const [credential, proof] = [vector.bytes("credential"), vector.bytes("proof")];
      expect(
        codeOf(() => {
          checkPossession({ credential, place, proof });
        }),
      ).toBe(vector.code);
      if (!vector.has("secret")) return;
      const secret = decodeScalar(vector.bytes("secret"));
      expect(toHex(provePossession(secret, vector.bytes("random"), place))).toBe(toHex(proof));
    },
  );
  test.each(loadKind("credentials", "cast").map((v) => [v.name, v] as const))(
    "%s",
    (_name, vector) => {
      const statement = {
        electionId: vector.bytes("election_id"),
        style: vector.number("style"),
        sequence: vector.integer("sequence"),
        ballot: vector.bytes("ballot"),
      };
      const [credential, signature] = [vector.bytes("credential"), vector.bytes("signature")];
      const code = codeOf(() => {
        checkCastSignature(credential, statement, signature);
      });
      expect(code).toBe(vector.code);
      if (!vector.has("secret")) return;
      const secret = decodeScalar(vector.bytes("secret"));
      expect(signCast(secret, vector.bytes("random"), statement)).toEqual(signature);
    },
  );
});

describe("trackers", () => {
  test.each(load("trackers").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const hash = ballotHash(vector.bytes("election_id"), vector.bytes("ballot"));
    expect(toHex(hash)).toBe(vector.text("hash"));
    expect(trackerOf(hash)).toBe(vector.text("tracker"));
  });
});
