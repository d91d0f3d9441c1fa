import { expect, test } from 'vitest';
import { createMessagingRig, minute, newPhone, sealer } from '../../test/messaging-rig.ts';
import { packFanEvidence } from './contract.ts';
import { packEvidence } from './evidence-pack.ts';

const rig = await createMessagingRig();
const pack = async (stage: Awaited<ReturnType<typeof rig.stage>>, phone: string) => {
  const fanId = (await stage.fanOf(phone)) ?? '';
  const made = await packEvidence({ db: rig.db, sealer }, stage.projectId, fanId, stage.now());
  // What the door lets through.
  return packFanEvidence.response?.parse(made) ?? made;
};

test('R38 R95 R96 why somebody was texted: the words, where they stood, every message with what permitted it, every STOP', async () => {
  const stage = await rig.stage({ optOutHandling: 'segue' });
  await stage.flow({ keywords: ['PRESAVE'], reentry: { policy: 'always' } });
  const phone = newPhone();
  await stage.text(phone, 'presave');
  await stage.advance(2 * minute);
  await stage.text(phone, 'Stop!');
  await stage.advance(2 * minute);
  await stage.text(phone, 'why do you ask');
  await stage.text(phone, 'START');
  const found = await pack(stage, phone);

  expect(found.madeBy).toMatchObject({ programme: 'Luna Vale' });
  expect(found.addresses).toEqual([
    expect.objectContaining({ value: phone, rules: { country: 'United States', checkedOn: '2026-11-20' } }),
  ]);
  expect(found.consents.map(({ method, revokedBy }) => [method, revokedBy])).toEqual([
    ['keyword', 'Stop!'],
    ['restart', null],
  ]);
  const [first, restored] = found.consents;
  expect(first).toMatchObject({ callToAction: { place: expect.any(String), link: expect.any(String) } });
  expect(first?.text).toBe('Text it to get texts.');
  expect(first?.source).toMatchObject({ messageId: expect.any(String), sender: stage.number });
  expect(restored?.source).toMatchObject({ restores: first?.id });
  expect(found.optOuts).toEqual([expect.objectContaining({ word: 'Stop!', clearedAt: expect.any(String) })]);
  expect(found.messages.map(({ class: kind, basis, consentId }) => [kind, basis, consentId])).toEqual([
    ['reply', 'consent', first?.id],
    ['compliance', 'answer', null],
    ['answer', 'answer', null],
  ]);
  expect(found.messages[0]).toMatchObject({ from: stage.number, to: phone });
  expect(found.messages[0]?.body).toContain('Luna Vale');
  expect(found.received.map(({ body, reading }) => [body, reading])).toEqual([
    ['presave', 'keyword'],
    ['Stop!', 'stop'],
    ['why do you ask', 'unmatched'],
    ['START', 'start'],
  ]);
});

test('R94 an answer without consent rests on the fan’s own text; R88 nobody else’s evidence is in it', async () => {
  const stage = await rig.stage();
  await stage.flow({ keywords: ['TOUR'], mode: 'reply' });
  const [phone, other] = [newPhone(), newPhone()];
  await stage.text(phone, 'tour');
  await stage.text(other, 'tour');
  const found = await pack(stage, phone);
  expect(found.consents).toEqual([]);
  expect(found.messages.map(({ basis, to }) => [basis, to])).toEqual([['reply', phone]]);
  expect(JSON.stringify(found)).not.toContain(other);
  const elsewhere = await rig.stage();
  const fanId = (await stage.fanOf(phone)) ?? '';
  await expect(
    packEvidence({ db: rig.db, sealer }, elsewhere.projectId, fanId, stage.now()),
  ).rejects.toMatchObject({ status: 404 });
});
