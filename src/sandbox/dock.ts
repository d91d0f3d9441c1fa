import { sql } from 'kysely';
import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { LocateNumber } from '#messages/quiet-hours/zones.ts';
import type { DemoAnswer, DockAnswer } from './contract.ts';
import { strangers } from './demo/facts.ts';
import { findDemo } from './demo/store.ts';
import { isSmsFake, type SandboxFakes } from './fakes.ts';

const definitions: readonly ConnectorDefinition[] = connectors;

/** What the dock needs to know of a test project: whose phones, which players, which providers. */
export async function describeDock(
  deps: { db: Db; fakes: SandboxFakes; locate: LocateNumber },
  projectId: string,
): Promise<Omit<DockAnswer, 'now'>> {
  const { db, fakes, locate } = deps;
  const served = await fakes.ofProject(projectId);
  const demo = await findDemo(db);
  const isDemo = demo?.projectId === projectId;
  const { rows: senders } = await sql<{ value: string }>`
    select s.value from loan l join connection c on c.id = l.connection_id
      join sender s on s.connection_id = c.id
     where l.project_id = ${projectId} and not c.is_live and s.kind = 'number'
     order by c.created_at, s.value`.execute(db);
  const zoneOf = (number: string) => locate(number).zones[0] ?? 'UTC';
  const phones: DemoAnswer['phones'] = isDemo ? demo.phones : [...strangers];
  return {
    isDemo,
    numbers: served.some(({ fake }) => isSmsFake(fake)) ? senders.map(({ value }) => value) : [],
    keyword: await firstKeyword(db, projectId),
    phones: phones.map((phone) => ({ ...phone, zone: zoneOf(phone.number) })),
    providers: [...new Set(served.map(({ connector }) => connector))].map((connector) => ({
      connector,
      label: labelOf(connector),
      kind: definitions.find(({ id }) => id === connector)?.kind ?? 'sms',
    })),
  };
}

export function labelOf(connector: string): string {
  return definitions.find(({ id }) => id === connector)?.label ?? connector;
}

/** Of the oldest flow that is started by one. */
async function firstKeyword(db: Db, projectId: string): Promise<string | null> {
  const { rows } = await sql<{ keyword: string | null }>`
    select v.trigger->'config'->'keywords'->>0 as keyword
      from flow f join flow_version v
        on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.active_version
     where f.project_id = ${projectId} and f.state = 'active' and v.trigger->>'trigger' = 'keyword'
       and exists (select 1 from jsonb_array_elements(v.steps) s where s->>'step' = 'presave')
     order by f.id limit 1`.execute(db);
  return rows[0]?.keyword ?? null;
}
