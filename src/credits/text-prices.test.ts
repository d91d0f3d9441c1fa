import { expect, test } from 'vitest';
import { plainFlow, startFlows } from '#flows/testing.ts';
import { createMessagingRig } from '../../test/messaging-rig.ts';
import { setTextPrice } from './text-prices.ts';
import { readUsage } from './usage.ts';

const { api, add } = await startFlows();
const rig = await createMessagingRig();

test('R80 an account’s own price of a country takes the list’s place, and back', async () => {
  const project = await api.addProject();
  const put = (country: string, credits: unknown) => project.put(`/usage/prices/${country}`, { credits });
  const of = async (country: string, from = project) =>
    ((await from.get('/usage/prices')).body['items'] as { country: string }[]).find(
      (one) => one.country === country,
    );
  expect(await of('DE')).toEqual({ country: 'DE', credits: 13, listCredits: 13, isOwn: false });
  expect((await put('DE', 7)).status).toBe(200);
  expect(await of('DE')).toEqual({ country: 'DE', credits: 7, listCredits: 13, isOwn: true });
  expect((await put('BR', 3)).status).toBe(200);
  expect(await of('BR')).toMatchObject({ credits: 3, isOwn: true });
  // A price of zero, less, of parts of a credit, or none at all is no price.
  for (const wrong of [0, -1, 1.5, '7', undefined]) expect((await put('DE', wrong)).status).toBe(422);
  expect((await put('Germany', 7)).status).toBe(404);
  expect(await of('DE')).toMatchObject({ credits: 7 });
  const stranger = await api.addProject();
  expect(await of('DE', stranger)).toMatchObject({ credits: 13 });
  await put('DE', null);
  expect(await of('DE')).toMatchObject({ credits: 13, isOwn: false });
});

test('R80 what the preview says and what a text is charged follow the own price', async () => {
  const project = await api.addProject();
  await project.put('/usage/prices/US', { credits: 5 });
  const { id } = await add(plainFlow('TEXT'), project);
  const { trigger, steps } = (await project.get(`/flows/${id}`)).body;
  const preview = await project.post('/flow-previews', { trigger, steps, position: 1 });
  expect(preview.body['readings'][0]).toMatchObject({ credits: 5 });

  const stage = await rig.stage();
  await stage.flow({ keywords: ['PRESAVE'] });
  const { accountId, projectId } = stage;
  await setTextPrice(rig.db, { accountId, projectId, actor: 'test' }, 'US', 4);
  await stage.text('+13035550142', 'presave');
  expect((await readUsage(rig.db, projectId, stage.now())).sms).toMatchObject({ used: 4, reserved: 0 });
});
