import { describe, expect, test } from 'vitest';
import { addEmail, emailStep, type EmailConnector } from '../../../test/email-rig.ts';
import { createMessagingRig } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();

/** A mail whose answer is lost, after it was carried out or before. */
async function loseAnswer(connector: EmailConnector, what: 'carried_out' | 'not_carried_out') {
  const stage = await rig.stage();
  const email = await addEmail(rig, stage, connector);
  await stage.flow({ keywords: ['MAIL'], mode: 'reply', steps: [emailStep()] });
  const fan = await email.fan();
  email.fake.setLostAnswer(what);
  email.fake.setFault({ mode: 'timeout', ms: 1_500, count: 1 });
  await email.start(fan.phone, 'MAIL');
  return { mails: (await email.mails(fan.email)).length, outcomes: await stage.outcomes() };
}

describe('a mail whose answer is lost is never sent twice', () => {
  test('resend recognises the key: the same mail, whatever happened to the first call', async () => {
    expect(await loseAnswer('resend', 'carried_out')).toEqual({ mails: 1, outcomes: ['1 done'] });
    expect(await loseAnswer('resend', 'not_carried_out')).toEqual({ mails: 1, outcomes: ['1 done'] });
  });

  test.each(['postmark', 'amazon-ses'] as const)(
    '%s tells by its webhook that it went out',
    async (connector) => {
      expect(await loseAnswer(connector, 'carried_out')).toEqual({ mails: 1, outcomes: ['1 done'] });
    },
  );

  test('a mail server cannot be asked: nobody knows, and nothing is sent again', async () => {
    expect(await loseAnswer('smtp', 'carried_out')).toEqual({
      mails: 1,
      outcomes: ['1 unknown: maybe_done'],
    });
    expect(await loseAnswer('smtp', 'not_carried_out')).toEqual({
      mails: 0,
      outcomes: ['1 unknown: maybe_done'],
    });
  });
});

test('many mails at once go to Postmark in few calls, each to its reader once', async () => {
  const stage = await rig.stage();
  const email = await addEmail(rig, stage, 'postmark');
  await stage.flow({ keywords: ['MAIL'], mode: 'reply', steps: [emailStep()] });
  const fans = [];
  for (let count = 0; count < 30; count++)
    fans.push(await email.fan({ local: count === 7 ? 'bounce' : 'maya' }));
  email.fake.setFault({ mode: 'slow', ms: 200, count: 1 });
  await Promise.all(fans.map(({ phone }) => email.start(phone, 'MAIL')));
  expect(new Set((await email.fake.mails()).map(({ to }) => to)).size).toBe(29);
  expect(await email.fake.mails()).toHaveLength(29);
  expect(email.fake.calls().length).toBeLessThan(15);
  expect(email.fake.calls().some(({ path }) => path === '/email/batch')).toBe(true);
  expect((await stage.outcomes()).every((line) => line === '1 done')).toBe(true);
});
