import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { forecastFlow } from './forecast.ts';
import type { Asked } from './population.ts';
import { happened, keyword, startForecasts, step, text, type Known } from './testing.ts';

const { rig, deps, addFan, forecast } = await startForecasts();
const { db } = deps;

describe('R35 what is forecast is what then happens', () => {
  test.each([
    ['14:00', 'reply'],
    ['14:00', 'consent'],
    ['02:00', 'reply'],
    ['02:00', 'consent'],
  ] as const)('R35 R94 R46 at %s, mode %s', async (at, mode) => {
    const stage = await rig.stage({ at });
    const segment = await stage.segment();
    const steps = [text('hi'), step('add-to-segment', segment.config), text('and more')];
    const states: Known['has'][] = [
      ['opt_out'],
      [],
      [],
      ['consent'],
      ['consent', 'over_cap'],
      ['consent', 'block'],
      ['consent', 'doubt'],
    ];
    const phones = [];
    for (const has of states) phones.push(await addFan(stage, { has: has ?? [] }));
    await addFan(stage, { phone: null });
    await stage.flow({
      keywords: ['PRESAVE'],
      mode,
      steps: [
        { step: 'send-text', config: { body: 'hi' } },
        segment,
        { step: 'send-text', config: { body: 'and more' } },
      ],
    });
    const asked: Asked = { trigger: keyword(stage, mode), steps };
    const told = await forecast(stage, asked);
    const { fans, starts, notStarting } = await forecastFlow(deps, stage.projectId, asked);
    expect([fans, starts, notStarting]).toEqual([8, 7, [{ reason: 'no_number', fans: 1 }]]);
    for (const phone of phones) await stage.text(phone, 'presave');
    expect(await happened(stage)).toEqual(told);
  });
});

describe('R35 what holds a text back', () => {
  const asked: Asked = { trigger: { trigger: 'presave', config: {} }, steps: [text('hi')] };

  test('R115 three texts within a day are enough in Florida, not in New York', async () => {
    const stage = await rig.stage({ at: '14:00' });
    for (const phone of ['+13052345678', '+12122345678'])
      await addFan(stage, { phone, has: ['consent', 'three_today'] });
    expect(await forecast(stage, asked)).toEqual(['1 done × 1', '1 skipped: cap × 1']);
  });

  test('R112 the kill switch', async () => {
    const stage = await rig.stage({ at: '14:00' });
    await addFan(stage, { has: ['consent'] });
    expect(await forecast(stage, asked)).toEqual(['1 done × 1']);
    await transaction(db, (tx) => signal(tx, stage.projectId, [{ key: gateKeys.project, closed: true }]));
    expect(await forecast(stage, asked)).toEqual(['1 held: sending_stopped × 1']);
  });
});

describe('R80 what a forecast costs', () => {
  test('R80 R81 R82 parts and country make a range; who is skipped costs nothing', async () => {
    const stage = await rig.stage({ countries: ['US', 'CA'] });
    for (let at = 0; at < 3; at++) await addFan(stage, { has: ['consent'] });
    await addFan(stage, { phone: '+14165550123', has: ['consent'] });
    await addFan(stage, { phone: '+4915112345678', has: ['consent'] });
    await addFan(stage, { has: [] });
    const trigger: Asked['trigger'] = { trigger: 'sms-sign-up', config: {} };
    const long = `{% if run.again %}again{% else %}${'a'.repeat(170)}{% endif %}`;
    const { steps, total } = await forecastFlow(deps, stage.projectId, {
      trigger,
      steps: [text(long), text('')],
    });
    expect(steps[0]).toMatchObject({
      outcomes: [
        { status: 'done', reason: null, fans: 5 },
        { status: 'skipped', reason: 'country_off', fans: 1 },
      ],
      cost: { fans: { min: 5, max: 5 }, parts: { min: 1, max: 2 }, credits: { min: 5, max: 10 } },
    });
    // Not written yet: nothing can be said of it.
    expect(steps[1]).toMatchObject({ outcomes: [], cost: null });
    expect(total).toMatchObject({ sms: { min: 5, max: 10 }, email: { min: 0, max: 0 }, currency: 'USD' });
    expect(total.micros.max).toBe(2 * total.micros.min);
  });

  test('R80 the longest names that fans have are in the range, an emoji in one of them too', async () => {
    const stage = await rig.stage();
    const phone = await addFan(stage, { has: ['consent'] });
    const body = `hello {{ fan.name | default: 'you' }}, ${'a'.repeat(120)}`;
    const asked: Asked = { trigger: { trigger: 'presave', config: {} }, steps: [text(body)] };
    const parts = async () => (await forecastFlow(deps, stage.projectId, asked)).steps[0]?.cost?.parts;
    expect(await parts()).toEqual({ min: 1, max: 1 });
    await sql`update fan set name = 'Ñandú 🎵' where id = ${await stage.fanOf(phone)}`.execute(db);
    expect(await parts()).toEqual({ min: 1, max: 3 });
  });
});
