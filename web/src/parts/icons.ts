/** The marks of the pages. Each stands beside a word: color and form never speak alone. */

export const ICONS = {
  /** The stamp with which Korean voters mark a ballot: ours, and "your mark". */
  stamp: {
    box: "0 0 48 48",
    path: "M17.75 2.91A22 22 0 0 0 17.75 45.09ZM22.25 2.07A22 22 0 0 1 45.15 30.06L22.25 18.61ZM22.25 23.64L43.47 34.25A22 22 0 0 1 22.25 45.93Z",
  },
  ok: {
    box: "0 0 24 24",
    path: "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Zm-1.6 16.2-4.6-4.6 1.7-1.7 2.9 2.9 6.1-6.1 1.7 1.7Z",
  },
  wait: {
    box: "0 0 24 24",
    path: "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Zm0 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM6.5 10.6h2.8v2.8H6.5Zm4.1 0h2.8v2.8h-2.8Zm4.1 0h2.8v2.8h-2.8Z",
  },
  none: {
    box: "0 0 24 24",
    path: "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Zm0 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z",
  },
  bad: {
    box: "0 0 24 24",
    path: "M2 2v20h20V2Zm14.6 4.9 1.7 1.7-4.6 4.6 4.6 4.6-1.7 1.7-4.6-4.6-4.6 4.6-1.7-1.7 4.6-4.6-4.6-4.6 1.7-1.7 4.6 4.6Z",
  },
  many: {
    box: "0 0 40 10",
    path: "M0 0h8.5v10H0ZM10.5 0H19v10h-8.5ZM21 0h8.5v10H21ZM31.5 0H40v10h-8.5Z",
  },
} as const;

export type IconName = keyof typeof ICONS;
