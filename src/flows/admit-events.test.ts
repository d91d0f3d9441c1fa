import { expect, test } from 'vitest';
import { apiEntry } from '#runs/api-event.ts';
import { createMessagingRig, newPhone } from '../../test/messaging-rig.ts';

const rig = await createMessagingRig();

const proof = {
  text: 'I agree',
  version: 'v1',
  obtainedAt: '2026-01-01T00:00:00.000Z',
  method: 'form',
  sourceUrl: 'https://artist.example/form',
  claimedBy: 'key:1',
};

test("R96 a claim counts for the fan's own number only: an event that names somebody else's locks nobody out", async () => {
  const stage = await rig.stage();
  const [mine, theirs] = [newPhone(), newPhone()];
  await stage.flow({ keywords: ['JOIN'], mode: 'consent' });
  await stage.text(mine, 'hello');
  await stage.text(theirs, 'hello');
  const event = {
    type: 'sms.opted_in' as const,
    fan: { id: (await stage.fanOf(mine)) ?? '', phone: theirs },
    subject: {},
    consent: proof,
  };
  const taken = await rig.first.accept(stage.projectId, apiEntry(event, 'claim', new Date()));
  expect(taken.extra['fanConflict']).toBe(true);
  expect(await stage.consents(theirs)).toEqual([]);
  await stage.text(theirs, 'join');
  await stage.settled();
  expect(await stage.consents(theirs)).toHaveLength(1);
});
