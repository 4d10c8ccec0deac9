/** The language of the page: chosen by the person, else by the browser; always one of three. */

export const LANGUAGES = [
  { code: "ko", name: "한국어" },
  { code: "en", name: "English" },
  { code: "ja", name: "日本語" },
] as const;

export type Code = (typeof LANGUAGES)[number]["code"];

const KEPT = "hanpyo language";

/** The first of these languages that is ours; English where none is. */
export function firstOf(wanted: readonly string[]): Code {
  for (const each of wanted) {
    const found = LANGUAGES.find(({ code }) => each.toLowerCase().split("-")[0] === code);
    if (found !== undefined) return found.code;
  }
  return "en";
}

function keptChoice(): string[] {
  try {
    return [localStorage.getItem(KEPT) ?? ""];
  } catch {
    return []; // storage is closed to this page
  }
}

class Language {
  code = $state<Code>("en");

  constructor() {
    if (typeof document === "undefined") return;
    this.code = firstOf([...keptChoice(), ...navigator.languages]);
    document.documentElement.lang = this.code;
  }

  choose(code: Code): void {
    this.code = code;
    document.documentElement.lang = code;
    try {
      localStorage.setItem(KEPT, code);
    } catch {
      // It will be asked again next time.
    }
  }
}

export const language = new Language();
