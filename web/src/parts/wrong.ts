/** Which sentence explains a failure. */

import { isEqual } from "../crypto/encoding/bytes.ts";
import { InvalidCheckpoint, InvalidInclusion } from "../crypto/errors.ts";
import { freshBytes } from "../crypto/hash.ts";
import { Problem, Unreachable } from "../node/fetching.ts";

/** The link lacks what it must hold. */
export class BadLink extends Error {
  override readonly name = "BadLink";
}

/** The browser lacks what a secret ballot needs. */
export class OldBrowser extends Error {
  override readonly name = "OldBrowser";
}

export function kindOf(
  error: unknown,
): "unreachable" | "false" | "clock" | "link" | "absent" | "browser" {
  if (error instanceof BadLink) return "link";
  if (error instanceof OldBrowser) return "browser";
  if (error instanceof Unreachable || error instanceof Problem) return "unreachable";
  if (error instanceof InvalidCheckpoint && error.message.includes("minutes")) return "clock";
  if (error instanceof InvalidInclusion && error.message.includes("no such")) return "absent";
  return "false";
}

/** Refuses a browser without what a secret ballot needs: there is no weaker way. */
export function requireBrowser(): void {
  const [one, other] = [freshBytes(), freshBytes()];
  const isStuck = isEqual(one, other) || one.every((byte) => byte === one[0]);
  if (isStuck || typeof BigInt !== "function") {
    throw new OldBrowser("the browser's random numbers do not vary");
  }
}
