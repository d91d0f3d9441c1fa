import type { FanFacts, MessageFact } from '#fans/facts.ts';
import { renderTemplate } from '#flows/template.ts';
import { smsCredits } from '#credits/prices.ts';
import { composeText } from '#messages/compose.ts';
import { packFor } from '#messages/countries/index.ts';
import { isAutoReply, isReaction } from '#messages/automatic-texts.ts';
import { mayMeanOptOut } from '#messages/opt-out-sentences.ts';
import * as rules from '#messages/outbound/requirements.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { readComplianceWord } from '#messages/words.ts';
import { createKeywordIndex } from '#triggers/keyword/match-keyword.ts';

const times = 20_000;
const dayMs = 24 * 60 * 60_000;
const body = 'done! {{ release.title }} is in your library now. Undo: {{ links.undo }}';

/** A fan with a few texts behind her, as most of those who text a keyword again. */
function someFan(address: string, now: Date): FanFacts {
  const message = (days: number) =>
    ({
      channel: 'sms',
      class: 'marketing',
      address,
      sentAt: new Date(now.getTime() - days * dayMs),
      hasOptOutWording: days > 20,
      causeId: 'another',
      runId: 'another',
      openStep: null,
      againFlowId: null,
    }) as unknown as MessageFact;
  const granted = new Date(now.getTime() - 40 * dayMs);
  const consent = { channel: 'sms', address, perMonth: 5, grantedAt: granted, activeAt: granted, zone: null };
  return {
    fanId: '01a2-bench',
    zip: '10001',
    addresses: [{ channel: 'sms', value: address }],
    consents: [consent],
    optOuts: [],
    blocks: [],
    saves: [],
    messages: [3, 12, 25].map(message),
    gates: new Map(),
  } as unknown as FanFacts;
}

/**
 * Microseconds of the process that each rule of a text costs, on facts that are in memory: what the burst
 * would save without it. The median of five passes of many calls.
 */
export async function costOfRules(): Promise<Record<string, number>> {
  const locate = await loadNumberPlaces();
  const address = '+12122000142';
  const now = new Date('2026-11-27T17:00:00Z');
  const fan = someFan(address, now);
  const consent = rules.activeConsent(fan, address);
  const project = { countries: [], monthlyCap: 6, textPrices: {} } as never;
  const keywords = createKeywordIndex([{ normalised: 'presave', match: 'first', value: 1 }]);
  const scope = { release: { title: 'Nightglass' }, links: { undo: 'https://segue.example/s/0123456789' } };
  const cause = { causeId: 'this', runId: 'this', now, channel: 'sms' } as const;
  const asked: Record<string, () => unknown> = {
    'R16 R18 what the text says': () => [
      readComplianceWord('presave'),
      isReaction('presave'),
      isAutoReply('presave'),
      keywords.match('presave', { near: true }),
    ],
    'R41 whether it may mean stop': () => mayMeanOptOut('please leave me out of this now'),
    'R36 consent': () => rules.activeConsent(fan, address),
    'R127 country': () => rules.countryVerdict(locate(address).country, project, { sender: true, any: true }),
    'R109 one cause, one text': () => rules.hasSentForCause(fan, cause),
    'R48 cap of the month': () =>
      rules.isOverCap(fan, consent, project, now, rules.reservedReminders(fan, now)),
    'R46 cap of the state': () => rules.isOverDailyLimit(fan, { address, locate, now }),
    'R46 R47 quiet hours': () => rules.quietUntil({ facts: fan, address, locate, now }),
    'R92 template': () => renderTemplate(body, scope),
    'R39 R82 R124 composed, counted': () =>
      composeText({
        programme: 'Luna Vale',
        body: 'done! Nightglass is in your library now. Undo: https://segue.example/s/0123456789',
        language: 'en',
        isOptOutDue: rules.isOptOutDue(fan, now, packFor('US')),
      }),
    'R80 credits': () => smsCredits({}, 'US', 1),
  };
  return Object.fromEntries(Object.entries(asked).map(([name, ask]) => [name, microsOf(ask)]));
}

function microsOf(ask: () => unknown): number {
  const passes = Array.from({ length: 6 }, () => {
    const from = performance.now();
    for (let at = 0; at < times; at++) ask();
    return ((performance.now() - from) * 1_000) / times;
  });
  // The first pass compiles.
  return Math.round((passes.slice(1).toSorted((a, b) => a - b)[2] ?? 0) * 10) / 10;
}
