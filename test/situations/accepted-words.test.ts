import { expect, test } from 'vitest';
import { phones, startStage } from './stage.ts';

test('R38 R42 what a fan accepted stays as it was, and goes on permitting, when the flow’s words are changed or taken away', async () => {
  const stage = await startStage();
  await stage.text(phones.unknown, 'presave');
  const { id } = await stage.fan(phones.unknown);
  const consents = async () => (await stage.fan(phones.unknown))['consents'];
  const accepted = await consents();
  expect(accepted).toMatchObject([{ method: 'keyword', perMonth: 4, revokedAt: null }]);
  const pack = async () => (await stage.api('POST', `/fans/${id}/evidence-pack`))['consents'][0];
  const evidence = await pack();
  expect(evidence['text']).toContain('Text PRESAVE');

  // Another promise first, then none at all: the keyword gives no consent any more.
  await stage.changeFlow((flow) => ({
    ...flow,
    trigger: {
      ...flow.trigger,
      config: {
        ...flow.trigger.config,
        callToAction: { ...flow.trigger.config.callToAction, perMonth: 9 },
      },
    },
  }));
  expect(await consents()).toEqual(accepted);
  await stage.changeFlow((flow) => {
    const { callToAction: _words, ...config } = flow.trigger.config;
    return { ...flow, trigger: { ...flow.trigger, config: { ...config, mode: 'reply' } } };
  });
  expect(await consents()).toEqual(accepted);
  expect(await pack()).toEqual(evidence);
});
