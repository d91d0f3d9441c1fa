import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProjectFacts } from '#accounts/project-facts.ts';
import type { ConsentFact, FanFacts, MessageFact } from '#fans/facts.ts';
import { packFor } from '../countries/index.ts';
import { loadNumberPlaces } from '../quiet-hours/zones.ts';
import { isOptOutDue, isOverAllChannels, isOverCap, isOverDailyLimit } from './requirements.ts';

const locate = await loadNumberPlaces();
const dayMs = 24 * 60 * 60_000;
const start = new Date('2026-03-01T12:00Z').getTime();

// As: what the rules ask of; the rest of the facts has no say.
const factsOf = (messages: readonly Partial<MessageFact>[], zip: string | null = null) =>
  ({ zip, consents: [], messages }) as unknown as FanFacts;
const consentOf = (perMonth: number | null) => ({ perMonth }) as ConsentFact;
const projectOf = (monthlyCap: number) => ({ monthlyCap }) as ProjectFacts;
const sent = (at: number, kind: MessageFact['class'] = 'marketing'): Partial<MessageFact> => ({
  channel: 'sms',
  class: kind,
  sentAt: new Date(at),
  hasOptOutWording: true,
});

test('R48 whatever wants to go, whenever: in no 30 days more than was promised, 10,000 fans', () => {
  fc.assert(
    fc.property(
      fc.option(fc.integer({ min: 1, max: 12 }), { nil: null }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(
        fc.record({
          gap: fc.integer({ min: 0, max: 12 * dayMs }),
          kind: fc.constantFrom<MessageFact['class'][]>('marketing', 'marketing', 'reply', 'answer'),
        }),
        { maxLength: 40 },
      ),
      (perMonth, monthlyCap, reserved, wishes) => {
        const gone: Partial<MessageFact>[] = [];
        let at = start;
        for (const { gap, kind } of wishes) {
          at += gap;
          const now = new Date(at);
          const isFree = kind !== 'marketing';
          const facts = factsOf(gone);
          if (isFree || !isOverCap(facts, consentOf(perMonth), projectOf(monthlyCap), now, reserved))
            gone.push(sent(at, kind));
        }
        const times = gone.flatMap((one) => (one.class === 'marketing' ? [one.sentAt?.getTime() ?? 0] : []));
        const most = Math.max(
          0,
          ...times.map((from) => times.filter((one) => one >= from && one < from + 30 * dayMs).length),
        );
        const promised = Math.min(perMonth ?? Infinity, monthlyCap);
        expect(most).toBeLessThanOrEqual(Math.max(0, promised - reserved));
      },
    ),
    { numRuns: 10_000 },
  );
});

test('R48 whatever goes by text or mail: no 30 days bring more than the limit over all channels, 10,000 fans', () => {
  const wish = fc.record({
    gap: fc.integer({ min: 0, max: 12 * dayMs }),
    channel: fc.constantFrom('sms' as const, 'email' as const),
    kind: fc.constantFrom<MessageFact['class'][]>('marketing', 'marketing', 'compliance'),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(wish, { maxLength: 40 }),
      (allChannelsCap, wishes) => {
        const gone: Partial<MessageFact>[] = [];
        let refused = 0;
        let at = start;
        for (const { gap, channel, kind } of wishes) {
          at += gap;
          const isOver = isOverAllChannels(factsOf(gone), { allChannelsCap }, new Date(at));
          if (kind === 'marketing' && isOver) refused++;
          else gone.push({ ...sent(at, kind), channel });
        }
        const times = gone.flatMap((one) => (one.class === 'marketing' ? [one.sentAt?.getTime() ?? 0] : []));
        const within = (from: number) => times.filter((one) => one >= from && one < from + 30 * dayMs).length;
        expect(Math.max(0, ...times.map(within))).toBeLessThanOrEqual(allChannelsCap);
        // And nothing is refused that there was room for.
        expect(times.length < allChannelsCap ? refused : 0).toBe(0);
      },
    ),
    { numRuns: 10_000 },
  );
});

describe('R46 R99 a state’s own limit in 24 hours', () => {
  const now = new Date(start);
  const over = (address: string, messages: number[], zip: string | null = null) =>
    isOverDailyLimit(
      factsOf(
        messages.map((hours) => sent(start - hours * 60 * 60_000)),
        zip,
      ),
      {
        address,
        locate,
        now,
      },
    );

  test.each<[string, string, number[], string | null, boolean]>([
    ['Florida, the fourth', '+13055550123', [1, 5, 20], null, true],
    ['Florida, the third', '+13055550123', [1, 5], null, false],
    ['Florida, one of them yesterday', '+13055550123', [1, 5, 25], null, false],
    ['New York', '+12125550123', [1, 2, 3, 4], null, false],
    ['a New York number that is registered in Florida', '+12125550123', [1, 5, 20], '33101', true],
    ['Germany', '+4915112345678', [1, 2, 3, 4], null, false],
  ])('%s', (_name, address, messages, zip, isOver) => {
    expect(over(address, messages, zip)).toBe(isOver);
  });
});

test('R124 the way out rides once in 30 days, and in every text where the country says so', () => {
  const now = new Date(start);
  const yesterday = factsOf([sent(start - dayMs)]);
  expect(isOptOutDue(yesterday, now, packFor('US'))).toBe(false);
  expect(isOptOutDue(factsOf([sent(start - 31 * dayMs)]), now, packFor('US'))).toBe(true);
  for (const country of ['CA', 'GB', 'DE', 'FR', 'ES', 'NL', 'AU', 'BR', null])
    expect([country, isOptOutDue(yesterday, now, packFor(country))]).toEqual([country, true]);
});
