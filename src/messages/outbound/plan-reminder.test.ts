import { describe, expect, test } from 'vitest';
import { composeText } from '../compose.ts';
import { reminderWords } from './plan-reminder.ts';
import { reservedReminders } from './requirements.ts';

const link = 'https://link.example/s/Ab3dEf6h1J';
const day = 24 * 3_600_000;
const now = new Date('2026-11-23T12:00:00Z');

describe('R102 the words of a reminder', () => {
  test.each(['en', 'de', 'es', 'fr'])('one part in %s: programme, title is out, link', (language) => {
    const body = reminderWords('Nova Reyes', 'Midnight Ferry', link, language);
    const sent = composeText({ programme: 'Nova Reyes', body, language, isOptOutDue: true });
    expect(sent.parts).toBe(1);
    expect(sent.text).toMatch(/^Nova Reyes: .*Midnight Ferry/);
    expect(sent.text).toContain(link);
  });

  test('a long title is cut before the text takes a second part', () => {
    const title =
      'The Very Long Story of a Ferry That Left at Midnight and Never Quite Came Back to Any Harbor That Anybody Knew';
    const body = reminderWords('Nova Reyes', title, link, 'en');
    expect(composeText({ programme: 'Nova Reyes', body, isOptOutDue: true }).parts).toBe(1);
    expect(body).toMatch(/^The Very Long Story .*\.\.\. is out/);
  });
});

describe('R48 promised reminders keep their places', () => {
  const save = (releaseId: string, service: string, inDays: number | null) => ({
    releaseId,
    service,
    state: inDays === null ? 'scheduled' : 'reminder_set',
    renewBy: null,
    remindAt: inDays === null ? null : new Date(now.getTime() + inDays * day),
  });

  test.each([
    ['none', [save('a', 'spotify', null)], 0],
    ['one release on two services is one text', [save('a', 'x', 5), save('a', 'y', 5)], 1],
    ['two releases', [save('a', '', 5), save('b', '', 20)], 2],
    ['one that lies beyond the month', [save('a', '', 31)], 0],
    ['one of this morning, not sent yet', [save('a', '', -0.3)], 1],
    ['one whose time has passed', [save('a', '', -4)], 0],
  ])('%s', (_, saves, places) => {
    // As: the rule asks about nothing else.
    expect(reservedReminders({ saves } as Parameters<typeof reservedReminders>[0], now)).toBe(places);
  });
});
