import type { SharedWords } from "./en.ts";

export const words: SharedWords = {
  brand: "한표",
  changeLanguage: "언어",
  stage: {
    preparing: "준비 중",
    ready: "예정",
    open: "투표 중",
    paused: "일시 중지",
    closed: "마감",
    counting: "개표 중",
    final: "확정",
    canceled: "취소",
    "not openable": "개표 불가",
  },
  secret: "비밀투표",
  single: "단일 기관 운영",
  several: (count) => `${count}개 기관 공동 운영`,
  ballotNumber: "투표 확인 번호",
  ballotNumberCode: "투표 확인 번호 QR",
  copy: "복사",
  copied: "복사했습니다",
  save: "저장",
  print: "인쇄",
  back: "뒤로",
  continue: "계속",
  tryAgain: "다시 시도",
  step: (done, all) => `${all}개 중 ${done}번째`,
  loading: "장부를 읽고 있습니다",
  wrong: {
    title: "이 페이지를 계속할 수 없습니다",
    unreachable:
      "이 투표의 서버가 답하지 않습니다. 이미 한 투표에는 영향이 없습니다. 잠시 뒤 다시 시도해 주세요.",
    false:
      "서버가 맞지 않는 내용을 보여 줍니다. 아무것도 보내지 않았습니다. 주최자에게 알려 주세요.",
    clock: "이 기기의 시계가 장부와 5분 넘게 다릅니다. 시계를 맞추고 다시 시도해 주세요.",
    link: "링크가 완전하지 않습니다. 안내문에서 다시 열어 주세요.",
    absent: "이 장부에 그런 투표가 없습니다. 안내문의 주소를 확인해 주세요.",
    browser: "이 브라우저로는 비밀투표를 만들 수 없습니다. 새 브라우저를 사용해 주세요.",
    detail: "프로그램이 알린 내용",
  },
};
