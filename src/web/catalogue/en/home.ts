import { plural } from '../format.ts';

export const home = {
  title: 'Home',
  greeting: (artist: string) => artist,
  happened: 'Since you were last here',
  happenedWeek: 'The last seven days',
  newFans: (count: number) => plural(count, { one: 'new fan', other: 'new fans' }),
  textsIn: (count: number) => plural(count, { one: 'text from fans', other: 'texts from fans' }),
  messagesOut: (count: number) => plural(count, { one: 'message to fans', other: 'messages to fans' }),
  runs: (count: number) => plural(count, { one: 'run', other: 'runs' }),
  outcomes: 'What steps came to',
  quiet: 'Nothing happened.',
  needs: 'What needs you',
  allWell: 'Nothing needs you.',
  doubts: (count: number) =>
    plural(count, {
      one: '# text may mean STOP. Texts to this fan are held.',
      other: '# texts may mean STOP. Texts to these fans are held.',
    }),
  decide: 'Decide',
  unread: (count: number) =>
    plural(count, { one: '# text matched no keyword.', other: '# texts matched no keyword.' }),
  read: 'Read',
  unknownSends: (count: number) =>
    plural(count, {
      one: '# message may or may not have arrived. It was not sent twice.',
      other: '# messages may or may not have arrived. None was sent twice.',
    }),
  see: 'See them',
  dying: (count: number, when: string) =>
    plural(count, {
      one: `# link to a streaming service ends ${when}. The fan is asked once to renew it.`,
      other: `# links to streaming services end within 30 days, the first ${when}. Fans are asked once to renew them.`,
    }),
  broken: (label: string, isReconnect: boolean) =>
    isReconnect ? `“${label}” has to be connected again.` : `“${label}” does not work.`,
  repair: 'Look',
  failures: (flow: string, count: number) =>
    plural(count, {
      one: `# step of “${flow}” failed this week`,
      other: `# steps of “${flow}” failed this week`,
    }),
  stopped: 'All sending is stopped.',
  settings: 'Settings',
  budget: (percent: string, what: string) => `${percent} of this month’s ${what} are used.`,
  accounts: { sms: 'text credits', email: 'e-mail credits' } as Record<string, string>,
  usage: 'Usage',
  next: 'Next release',
  noNext: 'No release is announced',
  noNextWhy: 'Add what comes out next: fans can pre-save it from today.',
  addRelease: 'Add a release',
  presaves: (count: number) =>
    plural(count, { one: 'pre-save waits for it', other: 'pre-saves wait for it' }),
  reminders: (count: number) =>
    plural(count, { one: '# fan will be reminded', other: '# fans will be reminded' }),
  begin: 'Begin here',
  beginConnect: 'Connect a number',
  beginConnectWhy: 'Fans text it; flows answer.',
  beginRelease: 'Add a release',
  beginReleaseWhy: 'What fans shall pre-save.',
  beginFlow: 'Build a flow',
  beginFlowWhy: 'What happens when a fan texts a word.',
  latest: 'Latest runs',
  allRuns: 'All runs',
  done: 'done',
};
