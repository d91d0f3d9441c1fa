import { number, plural } from '../format.ts';

export const usage = {
  title: 'Usage',
  period: (from: string, to: string) => `${from} to ${to}`,
  about: (money: string) => `about ${money}`,
  spent: 'Spent so far',
  reserved: (money: string) => `${money} more may come from messages on their way`,
  texts: 'Texts',
  emails: 'E-mails',
  credits: (count: number) => plural(count, { one: '# credit', other: '# credits' }),
  used: (used: number, allowance: number) => `${number(used)} of ${number(allowance)} credits`,
  left: (count: number) => plural(count, { one: '# credit left', other: '# credits left' }),
  over: 'Used up: nothing more goes out this month.',
  near: 'Nearly used up.',
  unlimited: 'No allowance set: nothing stops at an amount.',
  limitSet: 'Set a limit',
  limitChange: 'Change the limit',
  limitTitle: (name: string) => `${name}: how much a month?`,
  limitAllowance: 'Credits a month',
  limitNone: 'Left empty: without limit.',
  limitThen: 'When they are used up',
  limitChoices: {
    stop: {
      label: 'Stop sending',
      what: 'Steps that send are skipped until the month is over; the rest of each flow goes on.',
    },
    pause: { label: 'Pause the flows that send', what: 'They start again when you say so.' },
    go_on: { label: 'Go on', what: 'You are told, and it costs more.' },
  },
  limitOverage: 'Credits beyond that, at most',
  limitSaved: 'The limit holds from now on.',
  limitEnds: {
    stop: (_overage: number | null) => 'Then sending stops.',
    pause: (_overage: number | null) => 'Then the flows that send pause.',
    go_on: (overage: number | null) =>
      overage === null
        ? 'Then it goes on, without limit.'
        : `${number(overage)} of them are beyond the allowance.`,
  },
  byDay: 'By day',
  byFlow: 'By flow',
  day: 'Day',
  flow: 'Flow',
  cost: 'Cost',
  creditsColumn: 'Credits',
  deleted: 'deleted',
  nothing: 'Nothing was sent this month',
  nothingWhy: 'Only texts and e-mails cost something. Pre-saves, follows and segments are free.',
  how: 'One credit is one part of a domestic text, or one e-mail; other countries cost more. Money is an estimate from list prices: your provider’s bill counts.',
  chart: (total: string) => `Cost by day, ${total} in all`,
  fresh: 'Days and flows are counted every five minutes.',
};
