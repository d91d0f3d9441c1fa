import { sql, type RawBuilder } from 'kysely';
import { createProjectFacts } from '#accounts/project-facts.ts';
import { systemClock } from '#lib/clock.ts';
import { newId } from '#lib/ids.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { createMessagingRig, newPhone, type Stage } from '../../../test/messaging-rig.ts';
import type { FlowStep } from '../contract.ts';
import { forecastFlow } from './forecast.ts';
import type { Asked } from './population.ts';

type Fact =
  | 'consent'
  | 'opt_out'
  | 'block'
  | 'three_today'
  | 'over_cap'
  | 'doubt'
  | 'mail_consent'
  | 'bounce';

export interface Known {
  phone?: string | null;
  email?: string;
  has?: readonly Fact[];
}

/** Forecasts over the real product, so that what they say can be compared with what becomes of it. */
export async function startForecasts() {
  const rig = await createMessagingRig();
  const { db } = rig;
  const deps = {
    db,
    clock: rig.first.clocks,
    connections: rig.first.connections,
    publicUrl: () => 'https://segue.example',
    shortUrl: () => 'https://segue.example',
    projects: createProjectFacts(db),
    locate: await loadNumberPlaces(),
    wall: systemClock,
  };

  /** Its number, or its id where it has none. */
  async function addFan(stage: Stage, { phone = newPhone(), email, has = [] }: Known = {}): Promise<string> {
    const id = newId();
    const now = stage.now();
    const { projectId } = stage;
    await sql`
      insert into fan (project_id, id, created_at, is_sms_held)
      values (${projectId}, ${id}, ${now}, ${has.includes('doubt')})`.execute(db);
    for (const [channel, value] of [['sms', phone] as const, ['email', email ?? null] as const]) {
      if (value === null) continue;
      await sql`
        insert into address (project_id, channel, value, fan_id, created_at)
        values (${projectId}, ${channel}, ${value}, ${id}, ${now})`.execute(db);
    }
    for (const fact of has)
      for (const row of rowsOf(stage, fact, { id, phone, email, now })) await row.execute(db);
    return phone ?? id;
  }

  /** `1 done × 4`, step by step. */
  async function forecast(stage: Stage, asked: Asked): Promise<string[]> {
    const { steps } = await forecastFlow(deps, stage.projectId, asked);
    const lines = steps.flatMap(({ position, outcomes }) =>
      outcomes.map(
        ({ status, reason, fans }) =>
          `${position} ${status}${reason === null ? '' : `: ${reason}`} × ${fans}`,
      ),
    );
    return lines.toSorted();
  }

  return { rig, deps, addFan, forecast };
}

interface Fan {
  id: string;
  phone: string | null;
  email: string | undefined;
  now: Date;
}

function rowsOf(
  { projectId, number }: Stage,
  fact: Fact,
  { id, phone, email, now }: Fan,
): RawBuilder<unknown>[] {
  const agree = (channel: string, address: string | null | undefined) => sql`
    insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, granted_at,
                         active_at)
    values (${projectId}, ${newId()}, ${id}, ${channel}, ${address}, 'yes', 'v', 'web', '{}', ${now}, ${now})`;
  const received = () => sql`
    insert into message (project_id, id, fan_id, channel, class, sender, address, parts, sent_at, has_opt_out_wording)
    values (${projectId}, ${newId()}, ${id}, 'sms', 'marketing', ${number}, ${phone}, 1, ${now}, true)`;
  const rows: Record<Fact, () => RawBuilder<unknown>[]> = {
    consent: () => [agree('sms', phone)],
    mail_consent: () => [agree('email', email)],
    opt_out: () => [
      sql`insert into opt_out (project_id, channel, address, word, at)
          values (${projectId}, 'sms', ${phone}, 'stop', ${now})`,
    ],
    block: () => [
      sql`insert into block (project_id, sender, address, at) values (${projectId}, ${number}, ${phone}, ${now})`,
    ],
    bounce: () => [
      sql`insert into suppression (project_id, address, reason, at)
          values (${projectId}, ${email}, 'hard_bounce', ${now})`,
    ],
    three_today: () => Array.from({ length: 3 }, received),
    over_cap: () => Array.from({ length: 6 }, received),
    // A column of the fan.
    doubt: () => [],
  };
  return rows[fact]();
}

export function step(
  id: FlowStep['step'],
  config: Record<string, unknown>,
  more: Partial<FlowStep> = {},
): FlowStep {
  return { step: id, config, onUnmet: 'defer', stopOnFailure: false, ...more };
}

export const text = (body: string) => step('send-text', { body });

export function keyword(stage: Stage, mode: 'reply' | 'consent'): Asked['trigger'] {
  const config = { keywords: ['PRESAVE'], match: 'first', mode, connectionId: stage.connectionId };
  return { trigger: 'keyword', config };
}

/** As `forecast` says it, of what has become of every run. */
export async function happened(stage: Stage): Promise<string[]> {
  const lines = Map.groupBy(await stage.outcomes(), (line) => line);
  return [...lines].map(([line, all]) => `${line} × ${all.length}`).toSorted();
}
