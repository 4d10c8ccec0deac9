/** What a node says of its elections; for a list of links, nothing of it is proven. */

import { type JsonValue, isArray } from "../crypto/encoding/json.ts";
import type { Stage } from "../node/election.ts";
import { Nonsense, numberOf, stringOf } from "../node/fetching.ts";

export interface Listed {
  readonly id: string;
  readonly title: ReadonlyMap<string, string>;
  readonly stage: Stage;
  readonly ballots: number;
}

const STAGES: Readonly<Record<string, Stage>> = {
  draft: "preparing",
  ready: "ready",
  voting: "open",
  paused: "paused",
  closed: "closed",
  tallied: "final",
  canceled: "canceled",
  "not openable": "not openable",
};

export function readListed(value: JsonValue): Listed {
  if (typeof value !== "object" || value === null || isArray(value)) {
    throw new Nonsense("an election is an object");
  }
  const { title } = value;
  if (typeof title !== "object" || title === null || isArray(title)) {
    throw new Nonsense("a title has languages");
  }
  const texts = Object.entries(title).flatMap(([language, text]): [string, string][] =>
    typeof text === "string" ? [[language, text]] : [],
  );
  return {
    id: stringOf(value, "election"),
    title: new Map(texts),
    stage: STAGES[stringOf(value, "phase")] ?? "preparing",
    ballots: numberOf(value, "ballots"),
  };
}
