import { connectors } from '#connectors/index.ts';
import type { ItemView, Part, Verdict } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { releaseDay } from '#flows/template-scope.ts';
import { someText } from '#lib/json.ts';
import { composeText } from '#messages/compose.ts';
import { planText, type LinkedText, type TextDeps } from '#messages/outbound/plan-text.ts';
import { textsIn } from '#messages/text-catalogue.ts';

export interface RenewalDeps {
  texts: Omit<TextDeps, 'render'>;
  /** The fan's page, with the rows that a text brings along. */
  link: (subject: { releaseId: string | null; artistId: string | null }) => LinkedText;
}

const maxHeldMs = 36 * 60 * 60_000;

/** The service that an item of kind `send` asks to link again; null: it is another kind. */
export function renewedService({ data }: ItemView): string | null {
  return someText(data, 'renew');
}

/**
 * The one text that asks a fan to renew a link before it ends (R103). It is marketing, with all that
 * this requires; whoever has renewed, or waits for nothing any more, is not asked.
 */
export async function planRenewal(deps: RenewalDeps, view: ItemView, facts: FanFacts): Promise<Part[]> {
  const service = renewedService(view) ?? '';
  const diesAt = new Date(someText(view.data, 'diesAt') ?? 0);
  const over = (reason: string): Part[] => {
    const verdict: Verdict = { kind: 'skip', reason };
    return [{ service: '', verdict, gates: [] }];
  };
  const grant = facts.grants.find((one) => one.service === service);
  const isSame = grant?.state === 'live' && grant.diesAt?.getTime() === diesAt.getTime();
  if (!isSame || !isNeeded(view, facts, service)) return over('cancelled');
  if (view.now >= diesAt) return over('stale');
  const project = await deps.texts.projects.find(view.projectId);
  const link = deps.link({
    releaseId: someText(view.data, 'releaseId'),
    artistId: someText(view.data, 'artistId'),
  });
  const render: TextDeps['render'] = ({ language }) => {
    const until = releaseDay(diesAt, project?.zone ?? 'UTC', language);
    const body = renewalWords(project?.programme ?? '', labelOf(service), until, link.body, language);
    return Promise.resolve({ body, writes: link.writes });
  };
  const policy = { onUnmet: 'skip', deadlineHours: null } as const;
  const text = { body: '', connectionId: null, stalestMs: maxHeldMs };
  return planText({ ...deps.texts, render }, view, facts, policy, text);
}

/** A pre-save that the link would not live to see, or the wish for what comes next. */
function isNeeded({ data }: ItemView, { saves, purposes }: FanFacts, service: string): boolean {
  const isSaved = saves.some(
    (one) => one.service === service && one.state === 'scheduled' && one.renewBy !== null,
  );
  return isSaved || purposes.some(({ kind, targetId }) => kind === 'future' && targetId === data['artistId']);
}

/** The first wording that keeps the text in one part, with the way out in it. */
export function renewalWords(
  programme: string,
  service: string,
  until: string,
  url: string,
  language: string,
): string {
  const wordings = textsIn(language).renew(service, until, url);
  const isOnePart = (body: string) =>
    composeText({ programme, body, language, isOptOutDue: true }).parts === 1;
  return wordings.find(isOnePart) ?? wordings.at(-1) ?? url;
}

function labelOf(service: string): string {
  return connectors.find(({ id }) => id === service)?.label ?? service;
}
