import { sql } from 'kysely';
import { transaction } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { DemoDeps } from './ensure-demo.ts';
import { demo, demoMailboxes } from './facts.ts';
import type { Once } from './store.ts';

const dayMs = 24 * 3_600_000;
const agreedDaysAgo = 9;

/** The address that the demo's mails come from, and the fans who agreed to them. */
export async function ensureEmail(
  deps: DemoDeps,
  { accountId, projectId }: { accountId: string; projectId: string },
  once: Once,
): Promise<void> {
  const { connections, fakes } = deps;
  const emailConnectionId = await once('emailConnectionId', async () => {
    // What any new fake of this provider takes: the connection, whose id names its own, is not there yet.
    const settings = (await fakes.open('postmark', newId())).connectionSettings();
    const email = { accountId, connector: 'postmark', label: 'Demo e-mail', isLive: false, settings };
    return (await connections.createConnection(email)).id;
  });
  await connections.lendConnection(accountId, emailConnectionId, projectId);
  await once('haveMailboxes', async () => {
    await makeMailboxes(deps, projectId);
    return true;
  });
}

/** In one commit: to a fan whose phone the demo knows, an address and her word for it. */
async function makeMailboxes({ flows: { db, clock } }: DemoDeps, projectId: string): Promise<void> {
  const at = new Date(clock.now(projectId).getTime() - agreedDaysAgo * dayMs);
  const text = `Yes, send me e-mails from ${demo.artist} (sent by ${demo.legalSender}). I can unsubscribe at any time.`;
  const rows = JSON.stringify(demoMailboxes.map((one) => ({ ...one, id: newId() })));
  await transaction(db, async (tx) => {
    await sql`
      insert into address (project_id, channel, value, fan_id, created_at)
      select ${projectId}, 'email', m.email, a.fan_id, ${at}
        from json_to_recordset(${rows}::json) as m(number text, email text)
        join address a on a.project_id = ${projectId} and a.channel = 'sms' and a.value = m.number
      on conflict do nothing`.execute(tx);
    await sql`
      insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, granted_at,
                           active_at)
      select ${projectId}, m.id, a.fan_id, 'email', m.email, ${text}, 'demo', 'web', '{"page": "demo"}', ${at}, ${at}
        from json_to_recordset(${rows}::json) as m(id uuid, email text)
        join address a on a.project_id = ${projectId} and a.channel = 'email' and a.value = m.email
      on conflict do nothing`.execute(tx);
  });
}
