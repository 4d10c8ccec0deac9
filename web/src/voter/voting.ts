/** What making and casting a ballot takes; fetched while the voter reads the first screen. */

export { prepareProving } from "../crypto/ballot/ballot.ts";
export { encodePromiseFile } from "../crypto/log/promise.ts";
export { readSetting } from "../node/joint_key.ts";
export { prepareBallot, signBallot } from "./ballots.ts";
export { encodeChallenge } from "./challenge.ts";
export { emptyAnswer } from "./choosing.ts";
export { deliver } from "./sending.ts";
