import type { StartWords } from "./en.ts";

export const words: StartWords = {
  title: "한표",
  lead: "누구나 검증할 수 있는 비밀투표입니다.",
  votes: "이 장부의 투표",
  none: "아직 공고된 투표가 없습니다.",
  vote: "투표하기",
  find: "내 투표 확인",
  observe: "참관하기",
  result: "결과",
  trustee: "열쇠 관리자",
  ballots: (count) => `투표 ${count}건`,
};
