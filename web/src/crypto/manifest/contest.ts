/** A contest as the manifest writes it (5). */

import { type Plan, makePlan } from "../contest/plan.ts";
import { type Limit, type Shape, OPTIONS_MAX, checkScores } from "../contest/shape.ts";
import type { JsonValue } from "../encoding/json.ts";
import {
  NUMBER_MAX,
  type Text,
  readAscending,
  readId,
  readInteger,
  readList,
  readObject,
  readTitle,
  readWord,
  refuse,
  requireDistinct,
} from "./reader.ts";
import { FORMS, type Form, type Rule, readRule } from "./rule.ts";

export interface Option {
  readonly id: string;
  readonly title: Text;
  readonly cost: number;
}

export interface Contest {
  readonly id: string;
  readonly title: Text;
  readonly form: Form;
  readonly options: readonly Option[];
  /** The option that means "I leave this blank". */
  readonly blank: number | null;
  readonly example: readonly number[] | null;
  /** Parts of districts; never empty here: one part of all districts stands as itself. */
  readonly partition: readonly (readonly number[])[];
  readonly rule: Rule;
  readonly plan: Plan;
}

const TOP_MAX = 2 ** 32 - 1;
const LIMITS_END = 64 + OPTIONS_MAX / 2;

export function readContestOf(value: JsonValue, districts: number): Contest {
  const contest = readObject(value, [
    "blank",
    "example",
    "form",
    "id",
    "limits",
    "options",
    "partition",
    "rule",
    "title",
    "top",
  ]);
  const form = readWord(contest["form"], FORMS);
  const options = readList(contest["options"], 1, OPTIONS_MAX).map(readOption);
  requireDistinct(options.map((option) => option.id));
  const shape: Shape = {
    options: options.length,
    top: BigInt(readInteger(contest["top"], 1, TOP_MAX)),
    limits: readList(contest["limits"], 0, LIMITS_END).map(readLimit),
  };
  const blank =
    contest["blank"] === null ? null : readInteger(contest["blank"], 0, options.length - 1);
  const example = readExample(contest["example"], shape);
  const plan = makePlan(shape, form === "matrix");
  if (form === "matrix") checkMatrix(shape, blank);
  if (blank !== null) checkBlank(shape, blank);
  return {
    id: readId(contest["id"]),
    title: readTitle(contest["title"]),
    form,
    options,
    blank,
    example,
    partition: readPartition(contest["partition"], districts),
    rule: readRule(contest["rule"], form, options.length - (blank === null ? 0 : 1)),
    plan,
  };
}

function readOption(value: JsonValue): Option {
  const option = readObject(value, ["cost", "id", "title"]);
  return {
    id: readId(option["id"]),
    title: readTitle(option["title"]),
    cost: readInteger(option["cost"], 0, NUMBER_MAX),
  };
}

function readLimit(value: JsonValue): Limit {
  const limit = readObject(value, ["coefficients", "high", "low"]);
  const coefficients = readList(limit["coefficients"], 1, OPTIONS_MAX).map(
    (pair): [number, bigint] => {
      const [option, coefficient] = readList(pair, 2, 2);
      return [
        readInteger(option, 0, OPTIONS_MAX - 1),
        BigInt(readInteger(coefficient, 1, NUMBER_MAX)),
      ];
    },
  );
  return {
    coefficients,
    high: BigInt(readInteger(limit["high"], 0, NUMBER_MAX)),
    low: BigInt(readInteger(limit["low"], 0, NUMBER_MAX)),
  };
}

/** An example must be lawful, and must be given where some limit asks for more than zero. */
function readExample(value: JsonValue | undefined, shape: Shape): readonly number[] | null {
  if (value === null) {
    if (shape.limits.some((limit) => limit.low > 0n)) refuse("a low above 0 needs an example");
    return null;
  }
  const scores = readList(value, shape.options, shape.options).map((score) =>
    readInteger(score, 0, TOP_MAX),
  );
  checkScores(shape, scores.map(BigInt));
  return scores;
}

/** Option 2i accepts item i, option 2i + 1 refuses it, and no ballot does both. */
function checkMatrix(shape: Shape, blank: number | null): void {
  if (blank !== null) refuse("a matrix has no blank option");
  if (shape.options % 2 !== 0) refuse("a matrix has two options an item");
  for (let item = 0; item < shape.options / 2; item++) {
    const limit = shape.limits[item];
    const [accept, reject, ...more] = limit?.coefficients ?? [];
    const isPair =
      accept?.[0] === 2 * item &&
      reject?.[0] === 2 * item + 1 &&
      accept[1] === 1n &&
      reject[1] === 1n &&
      more.length === 0;
    if (!isPair || limit?.high !== 1n || limit.low !== 0n) refuse("a matrix limit is missing");
  }
}

/** Marking the blank option uses up every limit it is in, and one limit has every option. */
function checkBlank(shape: Shape, blank: number): void {
  let hasAll = false;
  for (const { coefficients, high } of shape.limits) {
    const own = coefficients.find(([option]) => option === blank);
    if (own === undefined) refuse("a limit leaves the blank option out");
    if (own[1] !== high || high < 1n) refuse("the blank option does not use up a limit");
    hasAll ||= coefficients.length === shape.options;
  }
  if (!hasAll) refuse("no limit has all options");
}

function readPartition(
  value: JsonValue | undefined,
  districts: number,
): readonly (readonly number[])[] {
  const parts = readList(value, 0, districts).map((part) => readAscending(part, 1, districts));
  if (parts.length === 0) return [Array.from({ length: districts }, (_, district) => district)];
  const all = parts.flat();
  if (all.length !== districts || new Set(all).size !== districts) {
    refuse("a partition has each district once");
  }
  return parts;
}
