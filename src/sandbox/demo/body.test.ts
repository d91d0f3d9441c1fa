import { expect, it } from 'vitest';
import { renderTemplate } from '#flows/template.ts';
import { knownPathsAt } from '#flows/template-paths.ts';
import { templateProblems } from '#flows/template-problems.ts';
import { composeText } from '#messages/compose.ts';
import { demoBody } from './body.ts';
import { demo, demoFlow } from './facts.ts';

const link = 'http://127.0.0.1:30000/s/Ab3dEf6h1J';

type Outcome = { status: string; reason: string | null };
const outcome = (status: string, reason: string | null = null): Outcome => ({ status, reason });

function text(
  presave: Outcome,
  follow: Outcome,
  {
    again = false,
    joins = false,
    until = null,
  }: { again?: boolean; joins?: boolean; until?: string | null } = {},
) {
  const body = renderTemplate(demoBody, {
    fan: { name: null },
    artist: { name: demo.artist },
    // The longest a month's name gets.
    release: { title: demo.title, date: '30 September' },
    links: { connect: link, undo: link, until },
    run: { again },
    steps: { presave, 'follow-artist': follow, 'add-to-segment': outcome('done') },
  });
  return composeText({
    programme: demo.artist,
    body,
    joined: joins ? { perMonth: demo.perMonth } : null,
    isOptOutDue: !joins,
  });
}

const notLinked = outcome('deferred', 'not_connected');
const dead = outcome('deferred', 'grant_dead');
const scheduled = outcome('done', 'scheduled');

it('has no problem that would keep the flow from being activated', () => {
  const ids = { connectionId: 'c', releaseId: 'r', artistId: 'a', segmentId: 's' };
  const flow = demoFlow(ids, 'https://segue.example');
  expect(templateProblems(demoBody, knownPathsAt(flow, flow.steps.length - 1))).toEqual([]);
});

it('S1 invites whoever is new, with the disclosures, in one part', () => {
  const sent = text(notLinked, notLinked, { joins: true });
  expect(sent.text).toBe(
    `Nova Reyes: tap to pre-save Midnight Ferry ${link} You joined: max 4 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end`,
  );
  expect(sent.parts).toBe(1);
});

it('S3 says what was done, with Undo, in one part', () => {
  const sent = text(scheduled, outcome('done'));
  expect(sent.text).toBe(
    `Nova Reyes: done! Midnight Ferry is set to land in your Spotify on 30 September and you follow me there. Undo: ${link} STOP to end`,
  );
  expect(sent.parts).toBe(1);
});

it('S4 says that the link ran out, in one part', () => {
  const sent = text(dead, dead);
  expect(sent.text).toBe(
    `Nova Reyes: your Spotify link ran out, so Midnight Ferry is not set yet. One tap fixes it: ${link} STOP to end`,
  );
  expect(sent.parts).toBe(1);
});

it('S6 says until when the link lasts, in one part', () => {
  const sent = text(scheduled, outcome('done'), { until: '30 September' });
  expect(sent.text).toBe(
    `Nova Reyes: done! Midnight Ferry is set for 30 September. Your Spotify link ends 30 September: renew or undo ${link} STOP to end`,
  );
  expect(sent.parts).toBe(1);
  const again = text(outcome('done', 'already'), outcome('done', 'already'), {
    again: true,
    until: '30 September',
  });
  expect(again.text).not.toContain('ends');
});

it('S11 repeats itself in short, in one part', () => {
  const sent = text(notLinked, notLinked, { again: true });
  expect(sent.text).toBe(
    `Nova Reyes: you're already on the list for Midnight Ferry (30 September). Not linked yet? ${link} STOP to end`,
  );
  expect(sent.parts).toBe(1);
  expect(text(outcome('done', 'already'), outcome('done', 'already'), { again: true }).parts).toBe(1);
});

it.each(['scheduled', 'already', 'accepted', 'verified', 'reminder_set', 'reminded', 'handed_over', null])(
  'fits one part when the pre-save is done: %s',
  (reason) => {
    for (const follow of [outcome('done'), outcome('failed', 'refused')])
      expect(text(outcome('done', reason), follow).parts).toBe(1);
  },
);

const unmet = [
  outcome('deferred', 'not_connected'),
  outcome('deferred', 'needs_ok'),
  outcome('deferred', 'grant_dead'),
  outcome('deferred', 'same_promise'),
  outcome('skipped', 'unsupported'),
  outcome('skipped', 'cancelled'),
  outcome('failed', 'refused'),
  outcome('unknown', 'maybe_done'),
  outcome('pending'),
];

it.each(unmet)('R54 claims nothing after $status $reason', (presave) => {
  for (const again of [false, true])
    for (const follow of [outcome('done'), outcome('skipped')]) {
      const sent = text(presave, follow, { again });
      expect(sent.text).not.toMatch(/done|set to land|follow me|in your Spotify/);
      expect(sent.parts).toBe(1);
    }
});

it('R54 claims a follow only when it was done, R63 a save only when it is one', () => {
  expect(text(scheduled, outcome('deferred', 'needs_ok')).text).not.toContain('follow');
  for (const reason of ['reminder_set', 'reminded', 'handed_over'])
    expect(text(outcome('done', reason), outcome('done')).text).not.toMatch(/done!|your Spotify|follow/);
});
