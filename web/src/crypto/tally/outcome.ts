/** What a contest's totals decide (12). */

import type { Contest } from "../manifest/contest.ts";
import type { Rule } from "../manifest/rule.ts";

export const STATUS = {
  decided: 0,
  tied: 1,
  tooFew: 2,
  noMajority: 3,
  notOpened: 4,
} as const;

/** The published groups of a contest, added up. */
export interface Counted {
  readonly totals: readonly bigint[];
  readonly ballots: bigint;
  readonly weight: bigint;
  /** The weight of all rows whose style has the contest. */
  readonly rollWeight: bigint;
}

export interface Outcome {
  readonly status: number;
  /** Option numbers, ascending. */
  readonly winners: readonly number[];
  readonly tied: readonly number[];
}

/** An option that may win: not the blank one, and with the total that the rule asks for. */
interface Runner {
  readonly option: number;
  readonly total: bigint;
  readonly cost: bigint;
}

type RuledContest = Pick<Contest, "rule" | "blank" | "options">;

/** Decides a contest; `null` where no group of it was opened. */
export function decide(contest: RuledContest, counted: Counted | null): Outcome {
  if (counted === null) return outcome(STATUS.notOpened, [], []);
  const { rule } = contest;
  const [p, q] = rule.turnout;
  const isTooFew =
    counted.ballots < BigInt(rule.quorum) ||
    counted.weight * BigInt(q) < BigInt(p) * counted.rollWeight;
  if (isTooFew) return outcome(STATUS.tooFew, [], []);
  switch (rule.name) {
    case "majority":
      return decideMajority(contest, counted);
    case "budget":
      return decideBudget(runnersOf(contest, counted), BigInt(rule.budget));
    case "items":
      return decideItems(rule, counted);
    default:
      return decideSeats(runnersOf(contest, counted), rule.seats);
  }
}

function outcome(status: number, winners: readonly number[], tied: readonly number[]): Outcome {
  const ascending = (a: number, b: number): number => a - b;
  return { status, winners: [...winners].sort(ascending), tied: [...tied].sort(ascending) };
}

function ofTie(winners: readonly Runner[], tied: readonly Runner[]): Outcome {
  const numbers = (runners: readonly Runner[]): number[] => runners.map((one) => one.option);
  const status = tied.length > 0 ? STATUS.tied : STATUS.decided;
  return outcome(status, numbers(winners), numbers(tied));
}

/** The runners, highest total first. */
function runnersOf({ rule, blank, options }: RuledContest, { totals }: Counted): Runner[] {
  return totals
    .map((total, option) => ({ option, total, cost: BigInt(options[option]?.cost ?? 0) }))
    .filter(({ option, total }) => option !== blank && total >= BigInt(rule.minimum))
    .sort((a, b) => (a.total > b.total ? -1 : a.total < b.total ? 1 : 0));
}

function decideSeats(runners: readonly Runner[], seats: number): Outcome {
  const last = runners[seats - 1];
  if (runners.length <= seats || last === undefined) return ofTie(runners, []);
  const above = runners.filter(({ total }) => total > last.total);
  const level = runners.filter(({ total }) => total === last.total);
  if (above.length + level.length > seats) return ofTie(above, level);
  return ofTie([...above, ...level], []);
}

function decideMajority(contest: RuledContest, counted: Counted): Outcome {
  const { rule, blank } = contest;
  const marked = counted.totals.reduce((sum, t, option) => (option === blank ? sum : sum + t), 0n);
  const base = rule.base === "marked" ? marked : counted.weight;
  const enough = runnersOf(contest, counted).filter(({ total }) => isMore(total, rule, base));
  const [best] = enough;
  if (best === undefined) return outcome(STATUS.noMajority, [], []);
  const level = enough.filter(({ total }) => total === best.total);
  return level.length > 1 ? ofTie([], level) : ofTie([best], []);
}

/** Whether a total is more than the rule's share of a base. */
function isMore(total: bigint, rule: Rule, base: bigint): boolean {
  return total * BigInt(rule.share[1]) > BigInt(rule.share[0]) * base;
}

function decideBudget(runners: readonly Runner[], budget: bigint): Outcome {
  const winners: Runner[] = [];
  let left = budget;
  const totals = [...new Set(runners.map(({ total }) => total))].filter((total) => total > 0n);
  for (const total of totals) {
    const step = runners.filter((one) => one.total === total && one.cost <= left);
    const cost = step.reduce((sum, one) => sum + one.cost, 0n);
    if (cost > left) return ofTie(winners, step);
    winners.push(...step);
    left -= cost;
  }
  return ofTie(winners, []);
}

function decideItems(rule: Rule, { totals, weight }: Counted): Outcome {
  const winners: number[] = [];
  const tied: number[] = [];
  for (let item = 0; item < totals.length / 2; item++) {
    const yes = totals[2 * item] ?? 0n;
    const no = totals[2 * item + 1] ?? 0n;
    if (yes < BigInt(rule.minimum)) continue;
    if (yes === no && yes > 0n) tied.push(2 * item, 2 * item + 1);
    const base = rule.base === "marked" ? yes + no : weight;
    if (isMore(yes, rule, base) && yes > no) winners.push(2 * item);
  }
  return outcome(tied.length > 0 ? STATUS.tied : STATUS.decided, winners, tied);
}
