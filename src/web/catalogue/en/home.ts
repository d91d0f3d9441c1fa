import { plural } from '../format.ts';

interface Spent {
  account: string;
  span: 'month' | 'day' | 'flow';
  flowName: string | null;
}

const accounts: Record<string, string> = { sms: 'text credits', email: 'mail credits' };
const reasons: Record<string, string> = {
  refused: 'the service refused',
  undeliverable: 'the number or address takes no messages',
  gave_up: 'the service did not answer for too long',
  bug: 'a fault of Segue, which its log explains',
};

export const home = {
  title: 'Home',
  happened: 'What happened',
  sinceVisit: 'since you were last here,',
  week: 'in the last seven days',
  newFans: (count: number) => plural(count, { one: 'new fan', other: 'new fans' }),
  textsIn: (count: number) => plural(count, { one: 'text from fans', other: 'texts from fans' }),
  messagesOut: (count: number) => plural(count, { one: 'message to fans', other: 'messages to fans' }),
  runs: (count: number) => plural(count, { one: 'run of a flow', other: 'runs of flows' }),
  quiet: 'Nothing since you were last here.',
  quietWeek: 'Nothing in the last seven days.',
  needs: 'What needs you',
  allWell: 'Nothing needs you.',
  doubts: (count: number) =>
    plural(count, {
      one: '# text may mean STOP. Until you decide, this fan gets no texts.',
      other: '# texts may mean STOP. Until you decide, these fans get no texts.',
    }),
  decide: 'Decide',
  unread: (count: number) =>
    plural(count, {
      one: '# text that no flow answered is unread.',
      other: '# texts that no flow answered are unread.',
    }),
  read: 'Read',
  unknownSends: (count: number) =>
    plural(count, {
      one: '# message may or may not have arrived. It was not sent twice.',
      other: '# messages may or may not have arrived. None was sent twice.',
    }),
  see: 'See the runs',
  dying: (count: number, date: string) =>
    plural(count, {
      one: `# fan’s link to a streaming service ends on ${date}. A fan with something to be saved is asked once to renew it.`,
      other: `# links of fans to streaming services end within 30 days, the first on ${date}. Fans with something to be saved are asked once to renew them.`,
    }),
  reconnect: (label: string) => `“${label}” has to be connected again.`,
  ending: (name: string) => `The link to ${name} ends soon and could not be renewed: sign in again.`,
  broken: (label: string, why: string | null) =>
    why === null ? `“${label}” does not work.` : `“${label}” does not work: ${why}`,
  repair: 'Repair',
  senders: {
    paused: (address: string) => `No mail leaves from ${address}: too many bounced or were called spam.`,
    not_verified: (address: string) => `No mail leaves from ${address} until the DNS proves it.`,
    complaints: (address: string) =>
      `Many readers call mails from ${address} spam. A few more, and no mail leaves.`,
    bounces: (address: string) =>
      `Many addresses that ${address} writes to are dead. A few more, and no mail leaves.`,
  },
  look: 'Look at it',
  failures: (flow: string, count: number, reason: string) =>
    `${plural(count, { one: '# step', other: '# steps' })} of ${flow} failed this week: ${reasons[reason] ?? reason}.`,
  paused: (flow: string, why: string) => `“${flow}” was paused: ${why}.`,
  budget: (share: string, { account, span, flowName }: Spent) => {
    const credits = accounts[account] ?? account;
    const of = { month: 'this month’s', day: 'today’s', flow: `this month’s budget of ${flowName ?? ''}:` };
    return `${share} of ${of[span]} ${credits} are used.`;
  },
  usage: 'Usage',
  latest: 'Latest runs',
  allRuns: 'All runs',
  started: 'Started',
  noRuns: 'None yet. One begins when a fan does what starts a flow.',
  next: 'Next release',
  noNext: 'No release is announced',
  noNextWhy: 'Add what comes out next: fans can pre-save it from today.',
  addRelease: 'Add a release',
  noSaves: 'Nobody has pre-saved it yet.',
  saves: {
    scheduled: (count, service) =>
      plural(count, { one: `# pre-save on ${service}`, other: `# pre-saves on ${service}` }),
    reminder_set: (count) => plural(count, { one: '# fan to be reminded', other: '# fans to be reminded' }),
    handed_over: (count) =>
      plural(count, { one: '# tap to your countdown page', other: '# taps to your countdown page' }),
  } as Record<string, (count: number, service: string) => string>,
  begin: {
    title: 'Begin here',
    senders: {
      what: 'A number for fans to text',
      why: 'Fans text it, flows answer from it.',
      action: 'Connect a number',
    },
    releases: {
      what: 'A release',
      why: 'What fans pre-save, and find in their library on the day.',
      action: 'Add a release',
    },
    flows: {
      what: 'A flow',
      why: 'What happens when a fan texts a word.',
      action: 'Build a flow',
    },
  },
};
