import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createDemoProcess } from '../testing.ts';
import { createTestDatabase } from '../../../../test/db.ts';
import { isSmsFake } from '../../fakes.ts';
import { ensureDemo } from '../ensure-demo.ts';

const { db } = await createTestDatabase();
const { deps } = createDemoProcess(db);
const { projectId } = await ensureDemo({ ...deps, apiKey: null, hasPast: true });

/** Rows that break a rule: there must be none. */
async function broken(query: ReturnType<typeof sql>): Promise<unknown[]> {
  return (await query.execute(db)).rows;
}

async function count(from: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${from}`.execute(db);
  return rows[0]?.count ?? 0;
}

it('is believable in its size', async () => {
  expect(await count(sql`fan`)).toBeGreaterThan(250);
  expect(await count(sql`run`)).toBeGreaterThan(350);
  const { rows } = await sql<{ days: number }>`
    select extract(day from max(started_at) - min(started_at))::int as days from run`.execute(db);
  expect(rows[0]?.days).toBeGreaterThan(35);
});

it('shows all six outcomes, and many reasons', async () => {
  const { rows } = await sql<{ status: string; reasons: string[] }>`
    select status, array_agg(distinct coalesce(reason, '')) as reasons from outcome group by 1`.execute(db);
  expect(rows.map((row) => row.status).sort()).toEqual(
    ['deferred', 'done', 'failed', 'held', 'skipped', 'unknown'].sort(),
  );
  expect(rows.flatMap((row) => row.reasons)).toEqual(
    expect.arrayContaining(
      'verified scheduled reminded already not_connected grant_dead flow_paused maybe_done undeliverable gave_up refused no_consent opted_out provider_block cap stale country_off cancelled'.split(
        ' ',
      ),
    ),
  );
});

it('every row stands on others that are there', async () => {
  const missing = [
    sql`select o.run_id from outcome o where not exists (select 1 from run r where r.id = o.run_id)`,
    sql`select r.id from run r where not exists (select 1 from event e where e.id = r.event_id)`,
    sql`select r.id from run r where not exists (select 1 from fan f where f.id = r.fan_id)`,
    sql`select r.id from run r where not exists (select 1 from flow_version v where v.id = r.flow_version_id and v.flow_id = r.flow_id)`,
    sql`select e.id from event e where not exists (select 1 from event_key k where k.event_id = e.id)`,
    sql`select m.id from message m where run_id is not null and not exists (select 1 from intent i where i.id = m.id)`,
    sql`select i.id from intent i where not exists (select 1 from run r where r.id = i.run_id)`,
    sql`select s.fan_id from segment_member s where not exists (select 1 from fan f where f.id = s.fan_id)`,
    sql`select a.value from address a where not exists (select 1 from fan f where f.id = a.fan_id)`,
    sql`select r.id from run r join fan f on f.id = r.fan_id where r.started_at < f.created_at`,
    // A run has an outcome of each of its steps once it ended.
    sql`select r.id from run r join flow_version v on v.id = r.flow_version_id
         where r.state <> 'open' and jsonb_array_length(v.steps)
               <> (select count(distinct position) from outcome o where o.run_id = r.id)`,
    sql`select id from run where (ended_at is null) <> (state = 'open')`,
  ];
  for (const query of missing) expect(await broken(query)).toEqual([]);
});

it('nothing that waits is left alone, and nothing is left to wait for nobody', async () => {
  const { rows } = await sql<{ kind: string }>`select distinct kind from work order by 1`.execute(db);
  expect(rows.map((row) => row.kind)).toEqual(['run', 'save', 'step']);
  const wrong = [
    sql`select o.run_id from outcome o where o.status = 'deferred'
           and not exists (select 1 from work w where w.id = o.item_id and w.run_id = o.run_id and w.position = o.position)`,
    sql`select o.run_id from outcome o where o.status = 'held'
           and not exists (select 1 from work w where w.id = o.run_id and w.kind = 'run')`,
    sql`select s.fan_id from save s where s.state = 'scheduled'
           and not exists (select 1 from work w where w.id = s.item_id and w.kind = 'save' and w.fan_id = s.fan_id)`,
    sql`select w.id from work w where w.kind <> 'run' and not exists (select 1 from outcome o where o.item_id = w.id)`,
    sql`select w.id from work w where not exists (select 1 from waiting g where g.work_id = w.id)`,
    sql`select w.id from work w where w.due_at < now()`,
    sql`select id from intent where state = 'open'`,
  ];
  for (const query of wrong) expect(await broken(query)).toEqual([]);
});

it('R84 the ledger sums up to the balances, and what is unknown stays reserved (R79)', async () => {
  const { rows } = await sql<{ period: string; used: number; reserved: number; sum: number; open: number }>`
    select b.period, b.used, b.reserved,
           coalesce((select sum(amount) from credit_entry e where e.period = b.period and kind = 'charge'), 0)::int as sum,
           coalesce((select sum(credits) from intent i where i.state = 'unknown'
              and to_char(i.sent_at at time zone 'UTC', 'YYYY-MM') = b.period), 0)::int as open
      from credit_balance b`.execute(db);
  expect(rows.length).toBeGreaterThan(1);
  for (const row of rows) expect([row.used, row.reserved]).toEqual([row.sum, row.open]);
  const outcomes = await sql<{ sum: number }>`select sum(credits)::int as sum from outcome`.execute(db);
  expect(outcomes.rows[0]?.sum).toBe(rows.reduce((sum, row) => sum + row.used + row.reserved, 0));
});

it('the charts count what the outcomes are', async () => {
  const truth = sql`
    select r.flow_id, o.position, o.service, o.status, coalesce(o.reason, '') as reason, count(*)::int, sum(o.credits)::int
      from outcome o join run r on r.id = o.run_id group by 1, 2, 3, 4, 5
     union all
    select flow_id, 0, '', 'started', '', count(*)::int, 0 from run group by 1`;
  const counted = sql`
    select flow_id, position, service, status, reason, sum(count)::int, sum(credits)::int
      from rollup group by 1, 2, 3, 4, 5`;
  expect(await broken(sql`(${truth}) except (${counted})`)).toEqual([]);
  expect(await broken(sql`(${counted}) except (${truth})`)).toEqual([]);
});

it('R36 every text went to somebody who agreed or had just asked; R42 nobody got one after leaving', async () => {
  expect(
    await broken(sql`
      select m.id from message m where m.class = 'marketing' and not exists (
        select 1 from consent c where c.fan_id = m.fan_id and c.granted_at <= m.sent_at
           and (c.revoked_at is null or c.revoked_at > m.sent_at))`),
  ).toEqual([]);
  expect(
    await broken(sql`
      select m.id from message m join opt_out o on o.address = m.address where m.sent_at > o.at`),
  ).toEqual([]);
});

it('is written once: a second start adds nothing', async () => {
  const before = [await count(sql`fan`), await count(sql`run`), await count(sql`flow`)];
  await ensureDemo({ ...createDemoProcess(db).deps, apiKey: null, hasPast: true });
  expect([await count(sql`fan`), await count(sql`run`), await count(sql`flow`)]).toEqual(before);
  expect(await count(sql`project`)).toBe(1);
  expect(projectId).toBeTruthy();
});

it('both releases have a cover, and the fan who left has texted STOP', async () => {
  expect(await count(sql`(select distinct release_id from artwork) as covers`)).toBe(2);
  const { fakes } = deps;
  const served = await fakes.ofProject(projectId);
  const carriers = served.map(({ fake }) => fake).filter(isSmsFake);
  const texts = await Promise.all(carriers.map((carrier) => carrier.texts({ number: '+16175550131' })));
  expect(texts.flat().map(({ body }) => body)).toContain('STOP');
});
