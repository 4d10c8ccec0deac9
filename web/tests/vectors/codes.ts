/** Runs what a vector asks for and says which public code it ended with. */

import { ProtocolError } from "../../src/crypto/errors.ts";

/** 0 where `action` passes, else the code of its error; other errors are ours and pass through. */
export function codeOf(action: () => unknown): number {
  try {
    action();
    return 0;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}
