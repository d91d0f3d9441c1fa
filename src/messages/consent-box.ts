import type { ProjectFacts, ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Connections } from '#connections/connections.ts';
import type { Db, Tx } from '#db/database.ts';
import {
  type AcceptResult,
  type Admission,
  type Candidate,
  type Entry,
  type JsonObject,
  priority,
} from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { clearOptOut, giveConsent, noChanges, setHeld } from '#fans/consent-changes.ts';
import { readConsentStates, writeConsentChanges } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';
import { webConsentText } from './call-to-action.ts';
import type { CountryPack } from './countries/country-pack.ts';
import { ageLine, packFor } from './countries/index.ts';
import { countryOf } from './number-country.ts';
import { chooseSender, sendersOf } from './outbound/sender.ts';
import type { AnswerData } from './inbound/decisions.ts';
import type { LocateNumber } from './quiet-hours/zones.ts';
import { textVersion } from './text-version.ts';

export interface ConsentBoxDeps {
  db: Db;
  projects: ProjectFactsReader;
  connections: Connections;
  clock: { now(projectId: string): Date };
  accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
  publicUrl: () => string;
}

/** The event that a ticked box raises. Its payload holds the proof. */
export const optedInType = 'sms.opted_in';

interface Ticked {
  fanId: string;
  text: string;
  version: string;
  pageUrl: string;
  networkAddress: string | null;
  userAgent: string | null;
}

/**
 * The unticked box behind a text's link (R94). The number is proven, since the link came to it: ticking
 * is a single opt-in everywhere. `offer` says what the box reads, or null when there is nothing to ask;
 * `grant` refuses any other text than the one offered now.
 */
export function createConsentBox(deps: ConsentBoxDeps) {
  const offer = async ({ projectId, fanId }: { projectId: string; fanId: string }) => {
    const project = await deps.projects.find(projectId);
    const sender = (await deps.connections.ofProject(projectId)).flatMap(sendersOf)[0];
    if (project === undefined || sender === undefined) return null;
    const numbers = await numbersWithConsent(deps.db, projectId, fanId);
    if (numbers.length === 0 || numbers.some((one) => one.is_live)) return null;
    const text = boxText(project, deps.publicUrl(), packFor(countryOf(numbers[0]?.value ?? '')));
    return { text, version: textVersion(text) };
  };
  return {
    offer,
    grant: async ({ projectId, ...ticked }: Ticked & { projectId: string }): Promise<void> => {
      const offered = await offer({ projectId, fanId: ticked.fanId });
      if (offered === null || offered.version !== ticked.version || offered.text !== ticked.text) return;
      await deps.accept(projectId, {
        source: 'page',
        key: newId(),
        type: optedInType,
        fingerprint: '',
        occurredAt: deps.clock.now(projectId),
        payload: { ticked: { ...ticked } },
      });
    },
  };
}

/** The fan's numbers, each with whether an unrevoked consent is there. */
function numbersWithConsent(
  db: Db,
  projectId: string,
  fanId: string,
): Promise<{ value: string; is_live: unknown }[]> {
  return db
    .selectFrom('address as a')
    .select('a.value')
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('consent as c')
            .select('c.id')
            .whereRef('c.project_id', '=', 'a.project_id')
            .whereRef('c.address', '=', 'a.value')
            .where('c.channel', '=', 'sms')
            .where('c.revoked_at', 'is', null)
            .where('c.active_at', 'is not', null),
        )
        .as('is_live'),
    )
    .where('a.project_id', '=', projectId)
    .where('a.fan_id', '=', fanId)
    .where('a.channel', '=', 'sms')
    .execute();
}

function boxText(project: ProjectFacts, publicUrl: string, pack: CountryPack): string {
  return webConsentText(
    {
      programme: project.programme,
      legalSender: project.legalSender,
      perMonth: project.monthlyCap,
      termsUrl: `${publicUrl}/t/${project.slug}`,
      privacyUrl: `${publicUrl}/privacy/${project.slug}`,
      ageLine: ageLine(pack),
    },
    'proven',
  );
}

/** R39: a flow's text may carry the confirmation for ten seconds; then it goes alone. */
const rideMs = 10_000;
/** From then on nobody waits for a confirmation any more. */
const lateMs = 60 * 60_000;

export interface OptInDeps {
  connections: Connections;
  projects: ProjectFactsReader;
  locate: LocateNumber;
  /** The flows that an event starts. */
  match: (type: string, subject: JsonObject) => Candidate[];
}

/**
 * Admits ticked boxes: the consent with its proof (R38), the end of an opt-out (R42: the fan herself
 * came back), and one confirmation. A second tick finds the consent there and changes nothing.
 */
export async function admitOptIns(
  tx: Tx,
  { connections, projects, locate, match }: OptInDeps,
  projectId: string,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  const ticked = entries.map(({ entry }) => entry.payload['ticked'] as unknown as Ticked); // put there by the box
  const numbers = await numbersOf(
    tx,
    projectId,
    ticked.map((one) => one.fanId),
  );
  const states = await readConsentStates(tx, projectId, numbers, { lock: true });
  const project = await projects.find(projectId);
  const lent = await connections.ofProject(projectId);
  const changes = noChanges();
  const moved = new Set<string>();
  const admissions = ticked.map((one): Admission => {
    const state = [...states.values()].find(({ fanId }) => fanId === one.fanId);
    const known: Admission = {
      fanId: one.fanId,
      type: optedInType,
      subject: { source: 'page' },
      candidates: [],
    };
    if (state === undefined || (state.live !== null && state.live.activeAt !== null)) return known;
    const admission = { ...known, candidates: match(known.type, known.subject) };
    const { pageUrl, networkAddress, userAgent } = one;
    giveConsent(
      changes,
      state,
      {
        text: one.text,
        textVersion: one.version,
        perMonth: project?.monthlyCap ?? null,
        method: 'web',
        source: { pageUrl, networkAddress, userAgent },
      },
      now,
    );
    clearOptOut(changes, state, now);
    setHeld(changes, state, false);
    moved.add(one.fanId);
    const { address } = state;
    const wanted = { connectionId: null, repliesFrom: null, address, textedFrom: null };
    const sender = chooseSender(lent, wanted, locate);
    if (sender === null) return admission;
    const data: AnswerData = {
      answer: 'confirm',
      connectionId: sender.connectionId,
      sender: sender.number,
      address,
      at: now.toISOString(),
      giveUpAt: new Date(now.getTime() + lateMs).toISOString(),
      isSharedSender: false,
      isOwed: false,
    };
    const dueAt = new Date(now.getTime() + rideMs);
    const promise = `confirm:${state.live?.id ?? ''}`;
    return {
      ...admission,
      items: [{ kind: 'send', fanId: one.fanId, priority: priority.compliance, dueAt, promise, data }],
    };
  });
  await writeConsentChanges(tx, projectId, changes);
  await signal(
    tx,
    projectId,
    [...moved].map((fanId) => ({ key: gateKeys.sms(fanId) })),
  );
  return admissions;
}

async function numbersOf(tx: Tx, projectId: string, fanIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('address')
    .select(['value', 'fan_id'])
    .where('project_id', '=', projectId)
    .where('channel', '=', 'sms')
    .where('fan_id', 'in', [...fanIds])
    .execute();
  return new Map(rows.map((row) => [row.value, row.fan_id]));
}
