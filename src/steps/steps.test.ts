import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { draftOf } from '#lib/draft-schema.ts';
import { newId } from '#lib/ids.ts';
import type { Expectation, StepFacts } from './expectations.ts';
import { stepIds, steps, type StepId } from './index.ts';
import type { StepDefinition, StepPolicy } from './step.ts';

/** A config of every step that could run. */
const samples: Record<StepId, object> = {
  presave: { releaseId: newId() },
  'follow-artist': { artistId: newId() },
  'save-release': { releaseId: newId() },
  nextsave: { artistId: newId() },
  'add-to-segment': { segmentId: newId() },
  'send-text': { body: 'hi' },
  'send-email': { subject: 'Out now', body: 'hi' },
  'send-instagram-dm': { text: 'hi' },
};

const defer: StepPolicy = { onUnmet: 'defer', deadlineHours: null };
const skip: StepPolicy = { onUnmet: 'skip', deadlineHours: null };

const app = { id: 'one', label: 'One', canSave: true, canFollow: true, isForTesters: false, linkDays: 180 };
const facts: StepFacts = {
  now: '2031-06-01T00:00:00.000Z',
  release: {
    title: 'Nightglass',
    releaseAt: '2031-06-12T00:00:00.000Z',
    isCancelled: false,
    services: ['one'],
    hasCountdown: false,
  },
  artist: { name: 'Luna Vale', services: ['one'] },
  segment: { name: 'New Fans' },
  services: [app],
  sender: { value: '+16195550100' },
  emailSender: { value: 'hello@luna.example', isReady: true },
  account: { value: 'lunavale' },
  fromInstagram: 'message',
  permission: 'reply',
  isLaterText: false,
  openHours: { from: 480, to: 1260 },
  monthlyCap: 6,
};

// As: its own schema makes the config that goes back into it.
const definitionOf = (id: StepId) => steps[id] as unknown as StepDefinition;

const look = (id: StepId, change: Partial<StepFacts> = {}, policy = defer) => {
  const definition = definitionOf(id);
  return definition.expectations(definition.config.parse(samples[id]), policy, { ...facts, ...change });
};
const said = (rows: Expectation[]) => rows.map(({ outcome, key }) => `${outcome} ${key}`);
const find = (rows: Expectation[], key: string) => rows.find((row) => row.key === key)?.values;

describe.each(stepIds)('step %s', (id) => {
  const definition = definitionOf(id);

  test('lies in a folder of its name and has a form for exactly what its config holds', () => {
    expect(definition.id).toBe(id);
    expect(existsSync(new URL(`./${id}/step.ts`, import.meta.url))).toBe(true);
    // As: every config is an object.
    const { shape } = definition.config as z.ZodObject;
    expect(Object.keys(definition.fields).sort()).toEqual(Object.keys(shape).sort());
    for (const [name, schema] of Object.entries(shape)) {
      const mayBeEmpty = z.safeParse(schema, undefined).success;
      expect([name, definition.fields[name]?.missing !== undefined]).toEqual([name, !mayBeEmpty]);
    }
  });

  test('can be described while it is still empty', () => {
    const empty = draftOf(definition.config).parse({});
    expect(definition.summary(empty, () => 'something')).not.toBe('');
    const nothing = { release: null, artist: null, segment: null };
    expect(definition.expectations(empty, defer, { ...facts, ...nothing })).toHaveLength(1);
  });

  test('says first what becomes of most fans', () => {
    // R100: nobody has ticked a box that no flow can tick.
    expect(look(id)[0]?.outcome).toBe(id === 'nextsave' ? 'deferred' : 'done');
  });
});

describe('4.5 what will become of an Instagram DM', () => {
  test('an answer to a message goes out in its 24 hours; without an account it waits for one', () => {
    expect(said(look('send-instagram-dm'))).toEqual([
      'done dm_message',
      'skipped dm_window',
      'skipped dm_opted_out',
      'skipped dm_person',
      'deferred dm_disconnected',
    ]);
    expect(said(look('send-instagram-dm', { account: null }))).toEqual(['deferred dm_disconnected']);
    expect(said(look('send-instagram-dm', { account: null }, skip))).toEqual(['skipped dm_disconnected']);
  });

  test('a comment is answered once; a flow that Instagram did not start reaches whoever wrote', () => {
    expect(said(look('send-instagram-dm', { fromInstagram: 'comment' })).slice(0, 2)).toEqual([
      'done dm_comment',
      'skipped dm_reply_used',
    ]);
    expect(said(look('send-instagram-dm', { fromInstagram: 'none' }))).toContain('skipped dm_no_address');
  });
});

describe('4.5 what will become of a pre-save', () => {
  test('saved on the day where linked; else waited for until the release, then a reminder', () => {
    const rows = look('presave');
    expect(said(rows)).toEqual([
      'done presave_linked',
      'deferred streaming_not_linked_until_release',
      'deferred streaming_needs_ok',
      'deferred streaming_link_ended',
      'done already',
    ]);
    expect(find(rows, 'streaming_not_linked_until_release')).toEqual({
      services: ['One'],
      at: facts.release?.releaseAt,
      isReminded: true,
    });
  });

  test('skip in place of waiting, and hours of one’s own, as the artist set them', () => {
    expect(said(look('presave', {}, skip))).toEqual([
      'done presave_linked',
      'skipped streaming_not_linked_skip',
      'done already',
    ]);
    const two = look('presave', {}, { onUnmet: 'defer', deadlineHours: 2 });
    expect(find(two, 'streaming_not_linked_hours')).toMatchObject({ hours: 2, isReminded: true });
  });

  test('A9 out already: added at once; cancelled: skipped', () => {
    expect(said(look('presave', { now: '2031-07-01T00:00:00.000Z' }))[0]).toBe('done presave_out');
    const release = { ...facts.release!, isCancelled: true };
    expect(said(look('presave', { release }))).toEqual(['skipped release_cancelled']);
  });

  test('R63 an app for named testers is said, with the artist’s own page where there is one', () => {
    const services = [{ ...app, isForTesters: true }];
    expect(said(look('presave', { services }))).toContain('deferred streaming_testers');
    const release = { ...facts.release!, hasCountdown: true };
    expect(said(look('presave', { services, release }))).toContain('done streaming_countdown');
  });

  test('R103 a link that ends before the release is said', () => {
    expect(said(look('presave', { services: [{ ...app, linkDays: 5 }] }))).toContain('done presave_renew');
  });

  test('services without the work, without the action, or none at all', () => {
    const other = { ...app, id: 'two', label: 'Two' };
    const rows = look('presave', { services: [app, other] });
    expect(find(rows, 'streaming_missing_on')).toEqual({ services: ['Two'] });
    const follow = look('follow-artist', { services: [app, { ...other, canFollow: false }] });
    expect(find(follow, 'streaming_unsupported')).toEqual({ services: ['Two'] });
    expect(said(look('presave', { services: [] }))).toEqual(['deferred streaming_no_app']);
  });
});

test('4.5 other streaming steps wait thirty days, without a reminder', () => {
  for (const id of ['follow-artist', 'save-release'] as const) {
    expect(find(look(id), 'streaming_not_linked_hours')).toMatchObject({ hours: 720, isReminded: false });
  }
});

describe('4.5 what will become of a text', () => {
  test('R94 the answer leaves at once; in consent mode it carries the disclosures', () => {
    expect(said(look('send-text'))).toEqual([
      'done text_reply',
      'deferred text_blocked',
      'skipped text_opted_out',
      'skipped text_other_country',
    ]);
    expect(said(look('send-text', { permission: 'consent' }))[0]).toBe('done text_consent');
  });

  test('R36, R46, R48 a later text needs consent, open hours and room in the month', () => {
    expect(said(look('send-text', { isLaterText: true }))).toEqual([
      'done text_agreed',
      'skipped text_no_consent',
      'held text_quiet',
      'skipped text_cap',
      'deferred text_blocked',
      'skipped text_opted_out',
      'skipped text_other_country',
    ]);
    expect(said(look('send-text', { isLaterText: true, permission: 'consent' }))).not.toContain(
      'skipped text_no_consent',
    );
  });

  test('R98 a blocked text waits a day at most; R52 without a sender it is skipped', () => {
    const long = look('send-text', {}, { onUnmet: 'defer', deadlineHours: 100 });
    expect(find(long, 'text_blocked')).toMatchObject({ hours: 24, number: '+16195550100' });
    expect(said(look('send-text', {}, skip))).toContain('skipped text_blocked');
    expect(said(look('send-text', { sender: null }))).toEqual(['skipped text_no_sender']);
  });
});
