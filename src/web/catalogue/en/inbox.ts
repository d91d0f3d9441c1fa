import { plural } from '../format.ts';

export const inbox = {
  title: 'Inbox',
  hint: 'Texts and Instagram messages that no flow answered. Those that may mean STOP come first.',
  views: { open: 'Open', done: 'Done', all: 'All' },
  view: 'Which texts',
  reasons: {
    unmatched: 'Matched no keyword',
    doubt: 'May mean STOP',
    opted_out: 'Has opted out, so no flow answers',
    country_off: 'Its country is not switched on, so no text went back',
    human: 'Wants a person: nothing automatic answers for a day',
  } as Record<string, string>,
  decided: { opt_out: 'Was an opt-out', not_opt_out: 'Was no opt-out' },
  decidedBy: (by: string) =>
    by === 'system' ? 'after five business days' : by === 'fan' ? 'by the fan' : 'by a person',
  doubtQuestion: 'Does this fan want no more texts?',
  doubtWhy:
    'All texts to this fan are held until you decide. After five business days it counts as an opt-out.',
  waiting: (count: number) => plural(count, { one: '# text waits.', other: '# texts wait.' }),
  isOptOut: 'Yes, an opt-out',
  isNot: 'No, keep texting',
  confirmTitle: 'Take this as an opt-out?',
  confirmText: 'The fan gets one confirmation and no text after it, until a START or a new opt-in.',
  confirmAction: 'It is an opt-out',
  optedOut: 'Taken as an opt-out. The fan gets one confirmation and nothing more.',
  released: 'Texts to this fan go on.',
  done: 'Done',
  markRead: 'Mark as read',
  unread: 'new',
  to: (sender: string) => `to ${sender}`,
  empty: 'Nothing waits for you',
  emptyWhy: 'Texts that match no keyword, and those that may mean STOP, arrive here.',
  nothing: 'Nothing here',
  markedDone: 'Done.',
  undo: 'Undo',
  list: 'Texts',
  someoneOn: (channel: string) => (channel === 'instagram' ? 'A fan on Instagram' : 'Unknown sender'),
  switchOn: (country: string) => `Switch on texts to ${country}`,
  switchedOn: (country: string) =>
    `Texts may go to ${country} from now on, over a number that is from there.`,
  isOnNow: (country: string) => `Texts may go to ${country} by now, over a number that is from there.`,
  noNumberOf: (country: string) =>
    `Texts go to the countries of your own numbers, and none is from ${country}.`,
  toConnections: 'Connect a number',
  askForCountry: (country: string) => `A manager can switch on texts to ${country} in the settings.`,
  readOnly: 'Your role does not let you decide.',
};
