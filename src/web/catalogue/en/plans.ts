import { plural } from '../format.ts';

const flows = { one: '# flow', other: '# flows' };
const steps = { one: '# step', other: '# steps' };

/** Loaded with its page, not with the first screen. */
export const plans = {
  current: (plan: string) => `Your plan is ${plan}`,
  byOwner: 'An owner of the account can change it here; nothing is ever deleted by it.',
  byOperator: 'Who runs this Segue changes it.',
  use: 'What this project uses',
  active: 'Flows that are on',
  activeOf: (active: number, max: number | null) =>
    max === null ? `${plural(active, flows)}, without limit` : `${active} of ${plural(max, flows)}`,
  longest: 'Steps in the longest of them',
  longestOf: (longest: number, max: number | null) =>
    max === null ? `${plural(longest, steps)}, without limit` : `${longest} of ${plural(max, steps)}`,
  full: 'All are taken: pause one to turn another on.',
  paused: 'Paused when the plan changed',
  pausedHint: 'Nothing of them is lost. Each can start again where the plan has room for it.',
  all: 'All plans',
  here: 'your plan',
  unlimited: 'any number',
  maxSteps: 'Steps in a flow',
  maxActive: 'Flows on at once, in each project',
  instagram: 'Instagram',
  newReleaseTrigger: 'Flows that start with a new release',
  has: 'yes',
  hasNot: 'no',
  choose: (plan: string) => `Change to ${plan}`,
  chooseTitle: (plan: string) => `Change the plan to ${plan}?`,
  chooseText: 'It holds for every project of the account, from now on.',
  pauses: (count: number) =>
    `This pauses ${plural(count, flows)}. Fans in the middle of them are held until they start again:`,
  pausesNone: 'No flow has to be paused.',
  changed: (plan: string) => `Your plan is ${plan} now.`,
};
