/** Names of the gates (`engine/gates.ts`): one a fact that work rests on. */
export const gateKeys = {
  /** Kill switch and everything else that stops a whole project's sending. */
  project: 'project',
  /** Which flows are active, and with which triggers. */
  flows: 'flows',
  /** Which connections the project has, and whether they are alive. */
  connections: 'connections',
  /** Held while paused, closed by delete. */
  flow: (flowId: string) => `flow:${flowId}`,
  /** Only delete moves it: what is a fan's already goes on over a pause (R9). */
  flowDeleted: (flowId: string) => `flow:${flowId}:deleted`,
  /** Consent, opt-out, block, hold of the fan's number. */
  sms: (fanId: string) => `fan:${fanId}:sms`,
  /** Consent, opt-out and suppression of the fan's e-mail addresses. */
  email: (fanId: string) => `fan:${fanId}:email`,
  /** Opt-out, conversations and comments of the fan on Instagram. */
  instagram: (fanId: string) => `fan:${fanId}:instagram`,
  /** Grants and purposes on every service. */
  streaming: (fanId: string) => `fan:${fanId}:streaming`,
  /** What was sent to the fan: each send moves it (caps, causes). */
  sent: (fanId: string) => `fan:${fanId}:sent`,
  release: (releaseId: string) => `release:${releaseId}`,
  allOfFan: (fanId: string) => [
    gateKeys.sms(fanId),
    gateKeys.email(fanId),
    gateKeys.instagram(fanId),
    gateKeys.streaming(fanId),
    gateKeys.sent(fanId),
  ],
};
