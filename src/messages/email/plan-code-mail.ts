import type { ItemView, Part, Verdict } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { codeMinutes } from '#fans/own-page-codes.ts';
import { languageOf } from '../outbound/language.ts';
import { emailCall } from './email-call.ts';
import { chooseEmailSender } from './email-senders.ts';
import { emailWordsIn } from './email-words.ts';
import type { EmailDeps } from './plan-email.ts';

/** What `own-page-code.ts` leaves of a code that goes by mail. */
export type CodeMailData = { codeMail: string; address: string; giveUpAt: string };

export function isCodeMail({ data }: ItemView): boolean {
  return typeof data['codeMail'] === 'string';
}

/**
 * A code for the fan's own page by mail (R120): asked for a moment ago, so no consent, cap or hour stands
 * against it, and it leaves while everything else is stopped (R112). Not to an address that is dead.
 */
export async function planCodeMail(deps: EmailDeps, view: ItemView, facts: FanFacts): Promise<Part[]> {
  const gates = [gateKeys.email(facts.fanId)].flatMap((key) => facts.gates.get(key) ?? []);
  return [{ service: '', verdict: await decide(deps, view, facts), gates }];
}

async function decide(deps: EmailDeps, view: ItemView, facts: FanFacts): Promise<Verdict> {
  const { codeMail: code, address, giveUpAt } = view.data as unknown as CodeMailData; // see above
  const project = await deps.projects.find(view.projectId);
  const sender = chooseEmailSender(await deps.connections.ofProject(view.projectId), null);
  if (project === undefined || sender === null) return { kind: 'skip', reason: 'no_sender' };
  if (view.now > new Date(giveUpAt)) return { kind: 'skip', reason: 'stale' };
  if (facts.suppressions.some((one) => one.address === address && one.reason === 'hard_bounce'))
    return { kind: 'skip', reason: 'bounced' };
  const language = languageOf(facts, null);
  const words = emailWordsIn(language);
  const { projectId } = view;
  const { fanId, pageTurn: turn } = facts;
  return emailCall({
    ...sender,
    warmUp: null,
    to: address,
    email: {
      subject: words.code.subject(project.programme),
      body: words.code.body(code, codeMinutes),
      programme: project.programme,
      legalSender: project.legalSender,
      postalAddress: project.postalAddress,
      language,
      unsubscribeUrl: deps.unsubscribeUrl({ projectId, fanId, address }),
      privacyUrl: `${deps.publicUrl()}/privacy/${project.slug}`,
      pageUrl: deps.ownPageUrl({ projectId, fanId, turn }),
      because: words.asked(project.programme),
    },
    fanId,
    runId: null,
    causeId: view.id,
    giveUpAt: new Date(giveUpAt),
    writes: [],
    isCompliance: true,
  });
}
