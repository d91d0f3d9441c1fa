import { composeText } from '#messages/compose.ts';
import { newIdAt } from '#lib/ids.ts';
import { demo } from '../facts.ts';
import { bodies, past, type PastFlow } from './facts.ts';
import { nextMorning, type PastFan } from './people.ts';
import { after, pastStep, type PastStep, type PastText } from './step.ts';

/** What went other than well with a text, or with what it tells of. */
export type Mishap =
  | 'unreachable'
  | 'landline'
  | 'filtered'
  | 'outage'
  | 'unsure'
  | 'quiet_hours'
  | 'no_consent'
  | 'opted_out'
  | 'provider_block'
  | 'cap'
  | 'stale'
  | 'country_off';

/** Words as they leave, with what the system adds; delivered three seconds later unless said otherwise. */
export function pastText(
  body: string,
  sentAt: Date,
  more: Partial<PastText> & { isFirst?: boolean } = {},
): PastText {
  const { isFirst = false, ...rest } = more;
  const composed = composeText({
    programme: demo.artist,
    body,
    ...(isFirst ? { joined: { perMonth: demo.perMonth } } : {}),
  });
  return {
    id: newIdAt(sentAt),
    sentAt,
    body: composed.text,
    parts: composed.parts,
    class: 'reply',
    state: 'done',
    delivery: { status: 'delivered', at: after(sentAt, 3_100), reason: null },
    hasOptOutWording: isFirst,
    ...rest,
  };
}

/** What the flow's text said to this fan, given how the pre-save before it stood then. */
export function wordsOf(flow: PastFlow, isConnected: boolean, link: string): string {
  if (flow === 'tour') return bodies.tour.replace('{{ links.connect }}', link);
  if (flow === 'vinyl') return bodies.vinyl;
  const title = flow === 'presave' ? demo.title : past.album.title;
  return isConnected
    ? `done! ${title} is set to land in your Spotify and you follow me there. Undo: ${link}`
    : `tap to pre-save ${title} ${link}`;
}

const skips = new Set<Mishap>(['no_consent', 'opted_out', 'cap', 'stale', 'country_off']);

interface Asked {
  position: number;
  fan: PastFan;
  at: Date;
  body: string;
  isFirst: boolean;
  mishap: Mishap | null;
}

/** The text of a run, ended one way or another. */
export function pastTextStep({ position, fan, at, body, isFirst, mishap }: Asked): PastStep {
  const sentAt = after(at, 600);
  const text = (more: Partial<PastText> = {}) => pastText(body, sentAt, { isFirst, ...more });
  const done = { status: 'done' as const, reason: null, at: after(sentAt, 350) };
  if (mishap === null) return pastStep(position, [done], { attempts: 1, text: text() });
  if (mishap === 'provider_block') {
    const promised = { status: 'deferred' as const, reason: mishap, at: sentAt };
    return pastStep(position, [
      promised,
      { ...promised, status: 'skipped', at: after(sentAt, 24 * 3_600_000) },
    ]);
  }
  if (skips.has(mishap)) return pastStep(position, [{ status: 'skipped', reason: mishap, at: sentAt }]);
  if (mishap === 'quiet_hours') {
    const morning = after(nextMorning(fan.zone, at), 40_000);
    const held = { status: 'held' as const, reason: 'quiet_hours', at: sentAt };
    const late = pastText(body, morning, { isFirst, class: 'marketing' });
    return pastStep(position, [held, { ...done, at: after(morning, 400) }], { attempts: 1, text: late });
  }
  const refused = { state: 'refused' as const, delivery: null };
  const failed = (reason: string, when: Date) => ({ status: 'failed' as const, reason, at: when });
  if (mishap === 'unsure') {
    const unknown = { status: 'unknown' as const, reason: 'maybe_done', at: after(sentAt, 14_000) };
    return pastStep(position, [unknown], {
      attempts: 1,
      text: text({ state: 'unknown', delivery: null }),
      detail: 'Twilio did not answer in full, so the text may or may not be on its way.',
    });
  }
  if (mishap === 'landline')
    return pastStep(position, [failed('undeliverable', done.at)], {
      attempts: 1,
      text: text(refused),
      detail: 'Twilio error 21614: this number cannot receive texts.',
    });
  if (mishap === 'outage')
    return pastStep(position, [failed('gave_up', after(sentAt, 24 * 3_600_000))], {
      attempts: 19,
      text: text(refused),
      detail: 'Twilio is having trouble (HTTP 503).',
    });
  // Taken, then not delivered: what was taken is charged (R79).
  const reason =
    mishap === 'filtered'
      ? 'Twilio error 30007: the carrier filtered the text as unwanted; change its wording or the campaign.'
      : 'Twilio error 30003: the phone is switched off or out of reach.';
  const delivery = { status: 'undelivered' as const, at: after(sentAt, 9_000), reason };
  return pastStep(position, [done], { attempts: 1, text: text({ delivery }) });
}
