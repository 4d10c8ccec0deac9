import { describe, expect, test } from "vitest";
import { decodeJson, encodeJson, type JsonValue } from "../../src/crypto/encoding/json.ts";
import { readContestOf } from "../../src/crypto/manifest/contest.ts";
import { type Counted, decide } from "../../src/crypto/tally/outcome.ts";
import { asInteger, load } from "./load.ts";

describe("outcomes", () => {
  test.each(load("counting").map((v) => [v.name, v] as const))("%s", (_name, vector) => {
    const json = decodeJson(encodeJson(vector.any("contest") as JsonValue));
    const contest = readContestOf(json, 1);
    let counted: Counted | null = null;
    if (vector.any("counted") !== null) {
      const numbers = vector.vector("counted");
      counted = {
        totals: numbers.list("totals").map(asInteger),
        ballots: numbers.integer("ballots"),
        weight: numbers.integer("weight"),
        rollWeight: numbers.integer("roll_weight"),
      };
    }
    const { status, winners, tied } = decide(contest, counted);
    expect([status, winners, tied]).toEqual(vector.list("outcome"));
  });
});
