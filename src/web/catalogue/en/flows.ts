import { plural } from '../format.ts';

export const flows = {
  title: 'Flows',
  one: 'Flow',
  views: 'Views of this flow',
  edit: 'Edit',
  results: 'Results',
  hint: 'What happens by itself when a fan does something.',
  add: 'New flow',
  search: 'Name or keyword',
  column: 'Flow',
  state: 'State',
  anyState: 'Any state',
  week: 'Last 7 days',
  weekOf: (counts: string) => `Runs of the last seven days, oldest first: ${counts}`,
  runs: 'Runs',
  done: 'Done',
  skipped: 'Skipped',
  spend: 'Spent',
  last30: 'Numbers are of the last 30 days.',
  more: (flow: string) => `What can be done with ${flow}`,
  actions: 'Actions',
  empty: 'No flows yet',
  emptyWhy: 'A flow begins with what a fan does, say texting a word, and then does your steps in order.',
  duplicate: 'Duplicate',
  duplicated: (flow: string) => `“${flow}” is a copy, and off.`,
  /** After “Paused:”, of a flow that Segue paused itself. */
  pauseReasons: {
    plan_active: 'the plan has room for fewer flows',
    plan_steps: 'the plan has fewer steps in a flow',
    plan_instagram: 'the plan does not have Instagram',
    plan_new_release: 'the plan does not have flows for new releases',
    allowance: 'this month’s allowance is used up',
  },
  pause: 'Pause',
  start: 'Start again',
  turnOn: 'Turn on',
  startTitle: (flow: string) => `Start “${flow}” again?`,
  turnOnTitle: (flow: string) => `Turn “${flow}” on?`,
  startText: 'It starts for every new event from now on. What came in during the pause is not repeated.',
  turnOnText: 'From now on it starts by itself.',
  started: 'The flow is on.',
  remove: 'Delete',
  seeRuns: 'Runs',

  days: 'Days',
  daysOptions: { 7: 'Last 7 days', 30: 'Last 30 days', 90: 'Last 90 days', 365: 'Last year' } as Record<
    string,
    string
  >,
  resultsHint: 'Days are counted in UTC, by when a run started.',
  total: (count: number) => plural(count, { one: '# run', other: '# runs' }),
  spent: (money: string) => `about ${money} spent`,
  byDay: 'Runs by day',
  dayRuns: (day: string, count: number) => `${day}: ${plural(count, { one: '# run', other: '# runs' })}`,
  funnel: 'Step by step',
  reached: (count: number) => plural(count, { one: '# fan came to it', other: '# fans came to it' }),
  /** Programs that look at a link before a person does are told apart. */
  clicks: (people: number, scanners: number) =>
    `${plural(people, { one: 'Its link was opened once', other: 'Its link was opened # times' })}${
      scanners === 0 ? '' : `, and ${plural(scanners, { one: 'once', other: '# times' })} by programs`
    }.`,
  goneStep: 'A step of an earlier version',
  noResults: 'No results yet',
  noResultsWhy: 'Once fans start this flow, each step shows how far they came, and why not further.',
  seeThem: 'See these runs',
  because: 'Why',
};
