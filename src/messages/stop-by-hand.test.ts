import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import { createMessagingRig, newPhone, type Stage } from '../../test/messaging-rig.ts';
import { stopByHand } from './stop-by-hand.ts';

const rig = await createMessagingRig();
const { db } = rig;
const stop = (projectId: string, fanId: string, channel: 'sms' | 'email') =>
  transaction(db, (tx) => stopByHand(tx, projectId, fanId, channel, { actor: 'person:1', now: new Date() }));

async function fanOf({ projectId }: Stage, phone: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select fan_id as id from address where project_id = ${projectId} and channel = 'sms' and value = ${phone}`.execute(
    db,
  );
  return rows[0]?.id ?? '';
}

async function addMail({ projectId }: Stage, fanId: string, address: string): Promise<void> {
  await sql`insert into address (project_id, channel, value, fan_id, created_at)
            values (${projectId}, 'email', ${address}, ${fanId}, now())`.execute(db);
  await sql`insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source,
                                 granted_at, active_at)
            values (${projectId}, ${newId()}, ${fanId}, 'email', ${address}, 'I agree to mails', 'v1', 'web', '{}',
                    now() - interval '1 hour', now())`.execute(db);
}

const mailState = async ({ projectId }: Stage, address: string) => {
  const { rows } = await sql<{ line: string }>`
    select coalesce(c.revoked_by, 'agreed') || ', ' || coalesce(o.word, 'open') as line from consent c
      left join opt_out o on o.project_id = c.project_id and o.channel = c.channel and o.address = c.address
     where c.project_id = ${projectId} and c.channel = 'email' and c.address = ${address}`.execute(db);
  return rows.map(({ line }) => line);
};

describe('a fan who asked to be left alone by other means than a text', () => {
  test('R40 R41 ends texts at once, once, without a word to her; a sentence that waited is decided with it', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.text(phone, 'can you stop texting me so much');
    expect(await stage.isHeld(phone)).toBe(true);
    const before = (await stage.got(phone)).length;
    const fanId = await fanOf(stage, phone);
    await Promise.all(Array.from({ length: 4 }, () => stop(stage.projectId, fanId, 'sms')));
    await stage.settled();
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await stage.isHeld(phone)).toBe(false);
    expect(await stage.consents(phone)).toEqual(['keyword ended by by hand']);
    expect(await stage.got(phone)).toHaveLength(before);
    const { rows } = await sql`
      select decision, decided_by from inbox_message where project_id = ${stage.projectId} and reason = 'doubt'`.execute(
      db,
    );
    expect(rows).toEqual([{ decision: 'opt_out', decided_by: 'person:1' }]);
    // Only she can take it back.
    await stage.text(phone, 'START');
    expect(await stage.isOptedOut(phone)).toBe(false);
  });

  test('R77 ends mails alone where she asked for that', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    const fanId = await fanOf(stage, phone);
    await addMail(stage, fanId, 'maya@example.com');
    await stop(stage.projectId, fanId, 'email');
    expect(await mailState(stage, 'maya@example.com')).toEqual(['by hand, by hand']);
    expect(await stage.isOptedOut(phone)).toBe(false);
  });

  test('R88 is refused for a fan of another project, and where there is nothing to stop', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    const other = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    const fanId = await fanOf(stage, phone);
    await expect(stop(other.projectId, fanId, 'sms')).rejects.toMatchObject({ status: 404 });
    await expect(stop(stage.projectId, fanId, 'email')).rejects.toMatchObject({
      status: 422,
    });
    expect(await stage.isOptedOut(phone)).toBe(false);
  });
});
