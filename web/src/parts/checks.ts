/** One thing that was, is, or will be checked. */
export interface Check {
  /** `done`: it happened; `ok`: this device checked it; `none`: not begun. */
  readonly state: "ok" | "done" | "warn" | "none" | "bad";
  readonly text: string;
  /** Beside the text, such as a time. */
  readonly note?: string;
  /** Below the text. */
  readonly more?: string;
}
