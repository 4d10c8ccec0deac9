/** Filling in one contest: what may be marked, what is left, and whether it can be cast (5.1). */

import { type Limit, limitSum } from "../crypto/contest/shape.ts";
import type { Contest } from "../crypto/manifest/contest.ts";

/** One score for each option; what is not marked is 0. */
export type Scores = readonly number[];

/** A contest as it is filled in: `isBlank` where its voter said so. */
export interface Answer {
  readonly scores: Scores;
  readonly isBlank: boolean;
}

/** How an option is marked. */
export type Marking = "choose" | "tick" | "score" | "points" | "pairs";

/** What the rule leaves to be given away. */
export interface Left {
  readonly kind: "options" | "points" | "money";
  readonly left: number;
  readonly of: number;
}

const SCALE_MAX = 10; // longer scales are counted up and down instead of shown

export function emptyAnswer(contest: Contest): Answer {
  return { scores: contest.options.map(() => 0), isBlank: false };
}

/** The options that can be chosen: all but the blank one. */
export function choices(contest: Contest): number[] {
  return contest.options.flatMap((_, option) => (option === contest.blank ? [] : [option]));
}

export function markingOf(contest: Contest): Marking {
  if (contest.form === "one") return "choose";
  if (contest.form === "matrix") return "pairs";
  const top = Number(contest.plan.shape.top);
  if (top === 1) return "tick";
  return contest.form === "score" && top <= SCALE_MAX ? "score" : "points";
}

/** Whether "I leave this blank" is offered: an option of its own, or nothing marked at all. */
export function canBeBlank(contest: Contest): boolean {
  return contest.blank !== null || keepsLimits(contest, emptyAnswer(contest).scores);
}

/** The answer that says nothing, on purpose. */
export function blankAnswer(contest: Contest): Answer {
  const scores = contest.options.map((_, option) => Number(option === contest.blank));
  return { scores, isBlank: true };
}

/** Marks an option with a score; where only one may be marked, the other marks go. */
export function mark(contest: Contest, answer: Answer, option: number, score: number): Answer {
  const kept = markingOf(contest) === "choose" ? emptyAnswer(contest).scores : answer.scores;
  const scores = kept.map((before, i) => {
    if (i === option) return score;
    const isOther = i === contest.blank || (isPair(contest, i, option) && score > 0);
    return isOther ? 0 : before;
  });
  return { scores, isBlank: false };
}

/** Whether an option may be given this score now: no limit would be passed. */
export function mayMark(contest: Contest, answer: Answer, option: number, score: number): boolean {
  if (score < 0 || score > Number(contest.plan.shape.top)) return false;
  return keepsMaximum(contest, mark(contest, answer, option, score).scores);
}

/** Whether the answer can go on the ballot. */
export function isComplete(contest: Contest, answer: Answer): boolean {
  const says = answer.isBlank || answer.scores.some((score) => score > 0) || isScale(contest);
  return says && keepsLimits(contest, answer.scores);
}

/** What is left to give; `null` where nothing is counted. */
export function leftOf(contest: Contest, answer: Answer): Left | null {
  if (contest.form === "one" || contest.form === "matrix") return null;
  const limit = contest.plan.shape.limits.find((each) => countsAll(contest, each));
  const costs = contest.form === "budget" ? costLimit(contest) : undefined;
  const counted = costs ?? limit;
  if (counted === undefined) return null;
  const of = Number(counted.high);
  const spent = answer.isBlank ? 0 : Number(sumOf(contest, counted, answer.scores));
  const kind = costs !== undefined ? "money" : contest.plan.shape.top > 1n ? "points" : "options";
  const isBinding = kind !== "options" || of < choices(contest).length;
  return isBinding ? { kind, left: of - spent, of } : null;
}

/** The fewest options or points that must be given; 0 where none must. */
export function leastOf(contest: Contest): number {
  const limit = contest.plan.shape.limits.find((each) => countsAll(contest, each));
  return limit === undefined ? 0 : Number(limit.low);
}

/** The most options or points that may be given; `null` where as many as there are. */
export function mostOf(contest: Contest): number | null {
  const limit = contest.plan.shape.limits.find((each) => countsAll(contest, each));
  const all = choices(contest).length * Number(contest.plan.shape.top);
  return limit === undefined || Number(limit.high) >= all ? null : Number(limit.high);
}

function isScale(contest: Contest): boolean {
  return contest.form === "score";
}

function isPair(contest: Contest, one: number, other: number): boolean {
  const isItem = Math.floor(one / 2) === Math.floor(other / 2);
  return contest.form === "matrix" && isItem && one !== other;
}

function countsAll(contest: Contest, limit: Limit): boolean {
  const counted = new Map(limit.coefficients);
  return choices(contest).every((option) => counted.get(option) === 1n);
}

function costLimit(contest: Contest): Limit | undefined {
  return contest.plan.shape.limits.find((limit) => {
    const spent = limit.coefficients.filter(([option]) => option !== contest.blank);
    return spent.every(([option, cost]) => contest.options[option]?.cost === Number(cost));
  });
}

function sumOf(contest: Contest, limit: Limit, scores: Scores): bigint {
  const given = scores.map((score, option) => (option === contest.blank ? 0n : BigInt(score)));
  return limitSum(limit, given);
}

function keepsMaximum(contest: Contest, scores: Scores): boolean {
  const given = scores.map(BigInt);
  return contest.plan.shape.limits.every((limit) => limitSum(limit, given) <= limit.high);
}

function keepsLimits(contest: Contest, scores: Scores): boolean {
  const given = scores.map(BigInt);
  const isLow = (limit: Limit): boolean => limitSum(limit, given) < limit.low;
  return keepsMaximum(contest, scores) && !contest.plan.shape.limits.some(isLow);
}
