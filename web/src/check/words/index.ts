import { dictionary } from "../../words/index.ts";
import type { CheckWords } from "./en.ts";

export const said = dictionary<CheckWords>({
  ko: () => import("./ko.ts"),
  en: () => import("./en.ts"),
  ja: () => import("./ja.ts"),
});
