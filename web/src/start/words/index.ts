import { dictionary } from "../../words/index.ts";
import type { StartWords } from "./en.ts";

export const said = dictionary<StartWords>({
  ko: () => import("./ko.ts"),
  en: () => import("./en.ts"),
  ja: () => import("./ja.ts"),
});
