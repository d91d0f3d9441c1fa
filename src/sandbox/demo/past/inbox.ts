import { newIdAt } from '#lib/ids.ts';
import { demo } from '../facts.ts';
import type { PastFan } from './people.ts';
import type { Place } from './place.ts';
import type { Rows } from './rows.ts';
import { after } from './step.ts';

const dayMs = 24 * 3_600_000;

/** Texts that no keyword took, by how many days ago they came; those of the last days are unread. */
const letters: readonly (readonly [daysAgo: number, body: string])[] = [
  [33.2, 'is the la show all ages??'],
  [27.9, 'that bridge in Paper Lanterns. crying on the bus thank you'],
  [21.4, 'Who did the cover art?'],
  [16.3, 'do you ship the vinyl to Canada'],
  [12.1, 'saw you in Denver in 2023, please come back'],
  [5.6, 'Is there a lyric sheet somewhere?'],
  [2.3, 'can my brother join the list too, he has no spotify'],
  [0.9, 'what time does Midnight Ferry come out in Phoenix'],
];

/** Texts for a person to read: unmatched, doubtful, from a country that is off, after an opt-out. */
export function addInbox(rows: Rows, place: Place, fans: readonly PastFan[]): void {
  const add = (fan: PastFan, at: Date, body: string, reason: string, isRead: boolean) =>
    rows.add('inbox_message', {
      project_id: place.projectId,
      id: newIdAt(at),
      fan_id: fan.id,
      channel: 'sms',
      from_address: fan.number,
      to_address: demo.number,
      connection_id: place.smsConnectionId,
      body,
      reason,
      received_at: at,
      read_at: isRead ? after(at, 5 * 3_600_000) : null,
    });
  const { now } = place;
  for (const [daysAgo, body] of letters) {
    const at = after(now, -daysAgo * dayMs);
    const fan = fans.filter((one) => one.joinedAt < at && one.country === 'US' && !one.isHeld).at(-3);
    if (fan !== undefined) add(fan, at, body, 'unmatched', daysAgo > 4);
  }
  const doubtful = fans.find((fan) => fan.isHeld);
  if (doubtful !== undefined)
    add(doubtful, after(now, -1.4 * dayMs), 'not sure I want these anymore tbh', 'doubt', false);
  const abroad = fans.find((fan) => fan.country !== 'US');
  if (abroad !== undefined) add(abroad, abroad.joinedAt, 'Tour', 'country_off', false);
}
