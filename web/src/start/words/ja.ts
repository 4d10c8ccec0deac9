import type { StartWords } from "./en.ts";

export const words: StartWords = {
  title: "hanpyo",
  lead: "だれでも検証できる秘密投票です。",
  votes: "この台帳の投票",
  none: "公示された投票はまだありません。",
  vote: "投票する",
  find: "投票を確認",
  observe: "立ち会う",
  result: "結果",
  trustee: "鍵管理者",
  ballots: (count) => `投票 ${count}件`,
};
