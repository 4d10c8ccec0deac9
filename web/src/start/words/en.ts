export const words = {
  title: "hanpyo",
  lead: "Secret votes that anyone can verify.",
  votes: "Votes on this ledger",
  none: "No vote has been announced on this ledger yet.",
  vote: "Vote",
  find: "Find my vote",
  observe: "Observe",
  result: "Result",
  trustee: "Key holder",
  ballots: (count: string) => `${count} ballots`,
};
export type StartWords = typeof words;
