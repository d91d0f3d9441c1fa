import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { createMessagingRig, hour, newPhone } from '../../test/messaging-rig.ts';
import { passOnNumber } from './pass-on-number.ts';

const rig = await createMessagingRig();

async function fanOf(projectId: string, phone: string): Promise<string | undefined> {
  const { rows } = await sql<{ fan_id: string }>`
    select fan_id from address where project_id = ${projectId} and channel = 'sms' and value = ${phone}`.execute(
    rig.db,
  );
  return rows[0]?.fan_id;
}

test('R36 R42 a number that is somebody else’s now: agreements end, what waited does not go, and the next text is a new fan’s', async () => {
  const stage = await rig.stage();
  const { projectId } = stage;
  await stage.flow({ keywords: ['PRESAVE'], mode: 'consent' });
  const phone = newPhone();
  await stage.text(phone, 'presave');
  const before = await fanOf(projectId, phone);
  if (before === undefined) throw new Error('the text made no fan');
  expect(await stage.consents(phone)).toEqual(['keyword live']);
  const got = (await stage.got(phone)).length;

  const pass = () => transaction(rig.db, (tx) => passOnNumber(tx, projectId, before, stage.now()));
  await pass();
  await expect(pass()).rejects.toMatchObject({ status: 422 });
  const { rows } = await sql<{ revoked_by: string }>`
    select revoked_by from consent where project_id = ${projectId} and fan_id = ${before}`.execute(rig.db);
  expect(rows).toEqual([{ revoked_by: 'number passed on' }]);

  await stage.advance(hour);
  await stage.text(phone, 'hello');
  const after = await fanOf(projectId, phone);
  expect(after).not.toBe(before);
  expect(await stage.consents(phone)).toEqual(['keyword ended by number passed on']);
  // The new owner agrees herself.
  await stage.text(phone, 'presave');
  expect(await stage.consents(phone)).toEqual(['keyword ended by number passed on', 'keyword live']);
  expect((await stage.got(phone)).length).toBeGreaterThan(got);
  expect(await stage.runs()).toHaveLength(2);
});

test('R36 texts that wait for the morning do not reach who has the number then', async () => {
  const stage = await rig.stage();
  await stage.flow({ keywords: ['PRESAVE'], mode: 'consent' });
  const phone = newPhone();
  await stage.text(phone, 'presave');
  const fanId = await fanOf(stage.projectId, phone);
  const got = (await stage.got(phone)).length;
  // Out of the hours: held until they open.
  await stage.goTo('03:00');
  await stage.byApi(phone, 'presave');
  await transaction(rig.db, (tx) => passOnNumber(tx, stage.projectId, fanId ?? '', stage.now()));
  await stage.advance(12 * hour);
  await stage.settled();
  expect(await stage.got(phone)).toHaveLength(got);
  expect((await stage.outcomes()).at(-1)).toBe('1 skipped: no_address');
});
