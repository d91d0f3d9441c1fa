import { sql } from 'kysely';
import type { z } from 'zod';
import type { Connection, Connections } from '#connections/connections.ts';
import { connectors } from '#connectors/index.ts';
import type { StreamingAction } from '#connectors/connector.ts';
import { ageLine, packFor } from '#messages/countries/index.ts';
import { openHours } from '#messages/quiet-hours/window.ts';
import { countryOf } from '#messages/number-country.ts';
import type { FlowDeps } from '../deps.ts';
import { loadFlowContext } from '../problems/context.ts';
import { countActive } from '../queries.ts';
import type { getFlowFacts } from './contract.ts';

export interface EditorDeps extends Pick<FlowDeps, 'db' | 'clock' | 'publicUrl' | 'shortUrl'> {
  connections: Pick<Connections, 'ofProject'>;
}

type Facts = z.input<typeof getFlowFacts.response & object>;

/** Nothing that changes by the second: an editor may keep it for a minute. */
export async function readFlowFacts(deps: EditorDeps, projectId: string): Promise<Facts> {
  const { db, clock, publicUrl } = deps;
  const { project, plan, monthlyCap, emailTroubles } = await readProject(deps, projectId);
  const connections = await deps.connections.ofProject(projectId);
  const now = clock.now(projectId);
  return {
    now,
    isLive: project.isLive,
    programme: project.programme,
    legalSender: project.legalSender,
    termsUrl: `${publicUrl()}/t/${project.slug}`,
    privacyUrl: `${publicUrl()}/privacy/${project.slug}`,
    monthlyCap,
    plan: { ...plan, active: await countActive(db, projectId, null) },
    services: connections.flatMap((connection) => serviceOf(connection, now)),
    senders: connections.flatMap(sendersOf),
    accounts: connections.flatMap(({ id, label, social, state }) =>
      social?.account == null
        ? []
        : [
            {
              connectionId: id,
              label,
              value: social.account.name ?? social.account.id,
              isReady: state === 'ready' || state === 'error',
            },
          ],
    ),
    emailSenders: connections.flatMap(({ id, label, email, state }) =>
      email === null
        ? []
        : [
            {
              connectionId: id,
              label,
              value: email.sender.address,
              isReady:
                state === 'ready' &&
                (emailTroubles.get(id) ?? null) === null &&
                project.postalAddress.trim() !== '',
            },
          ],
    ),
  };
}

async function readProject({ db }: EditorDeps, projectId: string) {
  const { project, plan, connections } = await loadFlowContext(db, projectId, []);
  const { monthlyCap } = await db
    .selectFrom('project')
    // What counts texts and mails together may be the lower of the two; null is passed over.
    .select(sql<number>`least(monthly_cap, all_channels_cap)`.as('monthlyCap'))
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow();
  const emailTroubles = new Map([...connections].map(([id, { emailTrouble }]) => [id, emailTrouble]));
  return { project, plan, monthlyCap, emailTroubles };
}

function serviceOf({ connector, streaming }: Connection, now: Date): Facts['services'] {
  if (streaming === null) return [];
  const definition = connectors.find(({ id }) => id === connector);
  const actions: readonly StreamingAction[] = definition?.actions ?? [];
  const endsAt = streaming.oauth.diesAt(now);
  return [
    {
      id: connector,
      label: definition?.label ?? connector,
      canSave: actions.some((action) => action.startsWith('save-')),
      canFollow: actions.includes('follow-artist'),
      isForTesters: streaming.namedTesters !== null,
      linkDays: endsAt === null ? null : Math.floor((endsAt.getTime() - now.getTime()) / 86_400_000),
    },
  ];
}

function sendersOf({ id, label, sms, state }: Connection): Facts['senders'] {
  return (sms?.senders ?? []).map(({ value }) => {
    const pack = packFor(countryOf(value));
    return {
      connectionId: id,
      label,
      value,
      isReady: state === 'ready',
      // Closed all day on a Monday: nobody may be texted at all.
      openHours: openHours(pack.hours.weekdays) ?? { from: 0, to: 0 },
      acceptsKeywordAsConsent: pack.keywordIsConsent,
      ageLine: ageLine(pack),
    };
  });
}
