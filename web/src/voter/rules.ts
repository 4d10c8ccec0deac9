/** A contest's rule in the voter's words. */

import type { Contest } from "../crypto/manifest/contest.ts";
import { number } from "../words/index.ts";
import { choices, emptyAnswer, leastOf, leftOf, markingOf, mostOf } from "./choosing.ts";
import type { VoterWords } from "./words/en.ts";

export function ruleOf(contest: Contest, words: VoterWords["contest"]): string {
  const [least, most] = [leastOf(contest), mostOf(contest)];
  switch (markingOf(contest)) {
    case "choose":
      return words.chooseOne;
    case "pairs":
      return words.pairs;
    case "score":
      return words.scoreEach(Number(contest.plan.shape.top));
    case "points":
      if (most === null) return words.scoreEach(Number(contest.plan.shape.top));
      return least === most ? words.pointsExactly(most) : words.pointsUpTo(most);
    case "tick":
      return tickRule(contest, words, least, most);
  }
}

function tickRule(
  contest: Contest,
  words: VoterWords["contest"],
  least: number,
  most: number | null,
): string {
  const left = leftOf(contest, emptyAnswer(contest));
  if (left?.kind === "money") return words.budget(number(left.of));
  if (least > 0) return words.chooseBetween(least, most ?? choices(contest).length);
  return most === null ? words.chooseAny : words.chooseUpTo(most);
}
