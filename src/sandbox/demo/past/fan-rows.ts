import type { Tokens } from '#connectors/connector.ts';
import { newIdAt } from '#lib/ids.ts';
import { sealTokens } from '#releases/grants.ts';
import { demo } from '../facts.ts';
import type { PastFan } from './people.ts';
import type { Place } from './place.ts';
import type { Rows } from './rows.ts';
import { after, type PastRun } from './step.ts';

/** A fan with addresses, consents, opt-out, grant and purposes, as her texts and sign-in left them. */
export function addFan(
  rows: Rows,
  place: Place,
  fan: PastFan,
  runs: readonly PastRun[],
  tokens: Tokens | undefined,
): void {
  const { projectId: project_id } = place;
  const { id: fan_id, number } = fan;
  rows.add('fan', {
    project_id,
    id: fan_id,
    name: fan.name,
    country: fan.country,
    is_sms_held: fan.isHeld,
    created_at: fan.joinedAt,
  });
  rows.add('address', { project_id, channel: 'sms', value: number, fan_id, created_at: fan.joinedAt });
  addConsent(rows, place, fan, runs);
  if (fan.optedOut !== null) {
    const { at, word } = fan.optedOut;
    rows.add('opt_out', { project_id, channel: 'sms', address: number, word, at });
  }
  const isBlocked = runs.some((run) =>
    run.steps.some((step) => step.history.some(({ reason }) => reason === 'provider_block')),
  );
  // The carrier's own refusal comes with a STOP, or from one that we never saw.
  const blockedAt = fan.optedOut?.at ?? (isBlocked ? fan.joinedAt : null);
  if (blockedAt !== null)
    rows.add('block', { project_id, sender: demo.number, address: number, at: blockedAt });
  addGrant(rows, place, fan, tokens);
  addPurposes(rows, place, fan, runs);
}

function addConsent(rows: Rows, place: Place, fan: PastFan, runs: readonly PastRun[]): void {
  const first = runs.find((run) => place.flows[run.flow].words !== null);
  if (first === undefined) return;
  const { flowId, words } = place.flows[first.flow];
  rows.add('consent', {
    project_id: place.projectId,
    id: newIdAt(first.at),
    fan_id: fan.id,
    channel: 'sms',
    address: fan.number,
    text: words?.text,
    text_version: words?.version,
    method: 'keyword',
    source: {
      flowId,
      messageId: messageSid(first.eventId),
      connectionId: place.smsConnectionId,
      sender: demo.number,
    },
    per_month: demo.perMonth,
    granted_at: first.at,
    active_at: first.at,
    revoked_at: fan.optedOut?.at ?? null,
    revoked_by: fan.optedOut?.word ?? null,
  });
}

function addGrant(rows: Rows, place: Place, { id, name, link }: PastFan, tokens: Tokens | undefined): void {
  if (link === null) return;
  const isLive = link.end === null;
  rows.add('streaming_grant', {
    project_id: place.projectId,
    fan_id: id,
    service: 'spotify',
    connection_id: place.streamingConnectionId,
    provider_account: isLive ? `acc${Buffer.from(link.user).toString('hex')}` : '',
    display_name: isLive ? name : null,
    tokens: tokens === undefined ? null : hex(sealTokens(place.sealer, tokens)),
    scopes: tokens?.scopes ?? [],
    state: link.end ?? 'live',
    authorised_at: link.at,
    dies_at: sixMonthsAfter(link.at),
    // Asked anew once a day (R103): seen alive last night.
    proven_at: isLive
      ? new Date(Math.max(link.at.getTime(), after(place.now, -9 * 3_600_000).getTime()))
      : link.at,
  });
}

function sixMonthsAfter(at: Date): Date {
  const then = new Date(at);
  then.setUTCMonth(then.getUTCMonth() + 6);
  return then;
}

/** What the words beside the keywords, and the boxes on the page, covered (R100). */
function addPurposes(rows: Rows, place: Place, fan: PastFan, runs: readonly PastRun[]): void {
  const given = new Set<string>();
  for (const { flow, at } of runs) {
    if (flow !== 'lanterns' && flow !== 'presave') continue;
    const targets = [
      ['release', place.releases[flow]],
      ['follow', place.artistId],
    ] as const;
    for (const [kind, target_id] of targets) {
      if (given.has(target_id)) continue;
      given.add(target_id);
      rows.add('purpose', {
        project_id: place.projectId,
        fan_id: fan.id,
        kind,
        target_id,
        words: place.flows[flow].words?.text ?? '',
        source: 'keyword',
        given_at: at,
      });
    }
  }
}

/** As a carrier names a text. */
export function messageSid(id: string): string {
  return `SM${id.replaceAll('-', '')}`;
}

/** Bytes as PostgreSQL reads them from text. */
export function hex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
