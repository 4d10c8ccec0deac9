import { dictionary } from "../../words/index.ts";
import type { VoterWords } from "./en.ts";

export const said = dictionary<VoterWords>({
  ko: () => import("./ko.ts"),
  en: () => import("./en.ts"),
  ja: () => import("./ja.ts"),
});
