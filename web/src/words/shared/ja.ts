import type { SharedWords } from "./en.ts";

export const words: SharedWords = {
  brand: "hanpyo",
  changeLanguage: "言語",
  stage: {
    preparing: "準備中",
    ready: "予定",
    open: "投票中",
    paused: "一時停止",
    closed: "締切",
    counting: "開票中",
    final: "確定",
    canceled: "中止",
    "not openable": "開票不能",
  },
  secret: "秘密投票",
  single: "単独運営",
  several: (count) => `${count}団体の共同運営`,
  ballotNumber: "投票確認番号",
  ballotNumberCode: "投票確認番号のQRコード",
  copy: "コピー",
  copied: "コピーしました",
  save: "保存",
  print: "印刷",
  back: "戻る",
  continue: "次へ",
  tryAgain: "もう一度試す",
  step: (done, all) => `${all}件中 ${done}件目`,
  loading: "台帳を読んでいます",
  wrong: {
    title: "このページは続けられません",
    unreachable:
      "この投票のサーバーが応答しません。済んだ投票に影響はありません。しばらくしてからもう一度お試しください。",
    false:
      "サーバーが正しくない内容を示しています。何も送信していません。主催者にお知らせください。",
    clock: "この端末の時計が台帳と5分以上ずれています。時計を合わせてからもう一度お試しください。",
    link: "リンクが完全ではありません。案内状からもう一度開いてください。",
    absent: "この台帳にその投票はありません。案内状のアドレスを確かめてください。",
    browser: "このブラウザーでは秘密投票を作れません。新しいブラウザーをお使いください。",
    detail: "プログラムの報告",
  },
};
