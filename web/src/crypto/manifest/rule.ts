/** A contest's rule: how its totals decide (12). */

import type { JsonValue } from "../encoding/json.ts";
import { NUMBER_MAX, readInteger, readList, readObject, readWord, refuse } from "./reader.ts";

export const FORMS = [
  "one",
  "some",
  "approval",
  "score",
  "matrix",
  "cumulative",
  "budget",
] as const;
export type Form = (typeof FORMS)[number];

const RULE_NAMES = [
  "plurality",
  "majority",
  "approval",
  "score-sum",
  "score-mean",
  "cumulative",
  "budget",
  "items",
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

/** A part of a whole: [p, q]. */
export type Fraction = readonly [number, number];

export interface Rule {
  readonly name: RuleName;
  readonly seats: number;
  readonly share: Fraction;
  readonly base: "marked" | "cast";
  readonly quorum: number;
  readonly turnout: Fraction;
  readonly minimum: number;
  readonly budget: number;
}

const FORMS_OF_RULE: Readonly<Record<RuleName, readonly Form[]>> = {
  plurality: ["one", "some"],
  majority: ["one"],
  approval: ["approval", "some"],
  "score-sum": ["score"],
  "score-mean": ["score"],
  cumulative: ["cumulative"],
  budget: ["one", "some", "approval", "score", "cumulative", "budget"],
  items: ["matrix"],
};

const DENOMINATOR_MAX = 1_000_000;

/**
 * Reads a rule.
 *
 * @param winnable how many options can win: all but the blank one.
 */
export function readRule(value: JsonValue | undefined, form: Form, winnable: number): Rule {
  const keys = ["base", "budget", "minimum", "name", "quorum", "seats", "share", "turnout"];
  const rule = readObject(value, keys);
  const name = readWord(rule["name"], RULE_NAMES);
  if (!FORMS_OF_RULE[name].includes(form)) refuse("a rule that does not fit the form");
  const isShared = name === "majority" || name === "items";
  const share = readFraction(rule["share"]);
  const turnout = readFraction(rule["turnout"]);
  if (isShared ? share[0] >= share[1] : share[0] !== 0 || share[1] !== 1) refuse("share");
  if (turnout[0] > turnout[1] || turnout[1] < 1) refuse("turnout");
  return {
    name,
    seats: readSeats(rule["seats"], name, winnable),
    share,
    base: readWord(rule["base"], isShared ? ["marked", "cast"] : ["cast"]),
    quorum: readInteger(rule["quorum"], 0, NUMBER_MAX),
    turnout,
    minimum: readInteger(rule["minimum"], 0, NUMBER_MAX),
    budget: readInteger(rule["budget"], 0, name === "budget" ? NUMBER_MAX : 0),
  };
}

function readSeats(value: JsonValue | undefined, name: RuleName, winnable: number): number {
  if (name === "majority") return readInteger(value, 1, 1);
  if (name === "budget" || name === "items") return readInteger(value, 0, 0);
  return readInteger(value, 1, winnable);
}

function readFraction(value: JsonValue | undefined): Fraction {
  const [p, q] = readList(value, 2, 2).map((item) => readInteger(item, 0, DENOMINATOR_MAX));
  return [p ?? 0, q ?? 0];
}
