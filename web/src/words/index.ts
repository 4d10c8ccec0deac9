/** What pages say: languages, sentences that all pages share, times and numbers. */

import { dictionary } from "./dictionary.svelte.ts";
import { type Code, language } from "./language.svelte.ts";
import type { SharedWords } from "./shared/en.ts";

export { dictionary, speak } from "./dictionary.svelte.ts";
export { type Code, LANGUAGES, language } from "./language.svelte.ts";

export const shared = dictionary<SharedWords>({
  ko: () => import("./shared/ko.ts"),
  en: () => import("./shared/en.ts"),
  ja: () => import("./shared/ja.ts"),
});

/** A text of the manifest in the page's language, else in English, else in any that it has. */
export function textIn(texts: ReadonlyMap<string, string>, code: Code = language.code): string {
  return texts.get(code) ?? texts.get("en") ?? [...texts.values()][0] ?? "";
}

/** A moment with its time zone, to the minute or to the second. */
export function moment(unixS: number, withSeconds = false, zone?: string): string {
  return new Intl.DateTimeFormat(language.code, {
    year: "numeric",
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds ? { second: "2-digit" } : {}),
    timeZoneName: "short",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(unixS * 1000);
}

/** A time of day to the second. */
export function timeOfDay(unixS: number): string {
  return new Intl.DateTimeFormat(language.code, { timeStyle: "medium" }).format(unixS * 1000);
}

export function number(value: number | bigint): string {
  return new Intl.NumberFormat(language.code).format(value);
}

/** A share of a whole, such as 42.5 %. */
export function percent(part: number, whole: number): string {
  const format = new Intl.NumberFormat(language.code, {
    style: "percent",
    maximumFractionDigits: 1,
  });
  return whole === 0 ? "–" : format.format(part / whole);
}
