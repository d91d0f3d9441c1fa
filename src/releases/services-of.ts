import type { Connection, Connections } from '#connections/connections.ts';
import type { StreamingClient } from '#connectors/connector.ts';
import type { LaneCharge, Part } from '#engine/contract.ts';
import type { FanFacts, GrantFact } from '#fans/facts.ts';
import { canDo, isPurposeGiven, type Target } from './target.ts';
import { offerPart, skipPart, unmetPart } from './unmet.ts';

/** A service on which the step can be done now. */
export interface Ready {
  grant: GrantFact;
  client: StreamingClient;
  lanes: LaneCharge[];
}

/**
 * One part for each service the fan has linked (A10), or one that stands for the lack of any. The
 * rows are asked in the order of the requirements table; `perform` says what to do where all are met.
 */
export async function partsByService(
  connections: Connections,
  target: Target,
  perform: (ready: Ready) => Part,
): Promise<Part[]> {
  const { view, facts } = target;
  const linked = facts.grants.filter(({ state }) => state !== 'revoked');
  // A deferred part that is about one service speaks for that one only.
  const mine = view.kind === 'step' && view.service !== '' ? view.service : null;
  const grants = mine === null ? linked : linked.filter(({ service }) => service === mine);
  if (grants.length === 0) return [await unlinkedPart(connections, target, mine ?? '')];
  return Promise.all(grants.map((grant) => grantPart(connections, target, grant, perform)));
}

/** No service linked. Where no app may serve this fan there is nothing to wait for (R63). */
async function unlinkedPart(connections: Connections, target: Target, service: string): Promise<Part> {
  const apps = (await connections.ofProject(target.view.projectId)).filter(
    ({ streaming }) => streaming !== null,
  );
  const isRefused = apps.length > 0 && apps.every((app) => !mayServe(app, target.facts, null));
  const offer = isRefused ? offerPart(target, service) : null;
  return offer ?? unmetPart(target, service, 'not_connected');
}

async function grantPart(
  connections: Connections,
  target: Target,
  grant: GrantFact,
  perform: (ready: Ready) => Part,
): Promise<Part> {
  const { service, connectionId } = grant;
  const { view, action } = target;
  const connection = await connections.find(connectionId);
  if (!canDo(service, action)) return skipPart(target, service, 'unsupported');
  if (grant.state === 'refused_by_app' || (connection && !mayServe(connection, target.facts, grant))) {
    const detail = 'The app of this service may not serve this fan.';
    return offerPart(target, service) ?? skipPart(target, service, 'unsupported', detail);
  }
  if (!isAlive(grant, view.now)) return unmetPart(target, service, 'grant_dead');
  if (!isUsable(connection, view.projectId)) return unmetPart(target, service, 'grant_dead');
  const client = connection?.streaming;
  if (client === null || client === undefined) return unmetPart(target, service, 'grant_dead');
  const needed = client.oauth.scopesFor([action]);
  const isAllowed = isPurposeGiven(target) && needed.every((scope) => grant.scopes.includes(scope));
  if (!isAllowed) return unmetPart(target, service, 'needs_ok');
  return perform({ grant, client, lanes: [{ id: `app:${connectionId}`, cost: 1, rate: client.rate }] });
}

export function isAlive(grant: GrantFact, now: Date): boolean {
  return grant.state === 'live' && (grant.diesAt === null || now < grant.diesAt);
}

function isUsable(connection: Connection | undefined, projectId: string): boolean {
  return (
    connection !== undefined && connection.state !== 'disabled' && connection.projectIds.includes(projectId)
  );
}

/** An app that serves named people only serves whom we know to be one, by sign-in or by e-mail. */
function mayServe(connection: Connection, facts: FanFacts, grant: GrantFact | null): boolean {
  const testers = connection.streaming?.namedTesters ?? null;
  if (testers === null) return true;
  // Whoever has signed in was asked then; a refusal of the app has a state of its own.
  if (grant !== null) return true;
  return facts.addresses.some(({ channel, value }) => channel === 'email' && isTester(testers, value));
}

/** Upper and lower case do not count, as in e-mail addresses. */
export function isTester(testers: readonly string[], account: string | undefined): boolean {
  const wanted = account?.trim().toLowerCase();
  return wanted !== undefined && wanted !== '' && testers.some((one) => one.toLowerCase() === wanted);
}
