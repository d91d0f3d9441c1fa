import type { ItemView, Part } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { emailCall } from '../email/email-call.ts';
import { chooseEmailSender } from '../email/email-senders.ts';
import { emailWordsIn } from '../email/email-words.ts';
import { isSenderReady, type EmailDeps } from '../email/plan-email.ts';
import { languageOf } from '../outbound/language.ts';

export interface EmailRequest {
  consentId: string;
  address: string;
}

/** The request that an item of kind `send` holds; null: it is another kind of message. */
export function emailRequestOf({ data }: Pick<ItemView, 'data'>): EmailRequest | null {
  return (data['emailRequest'] as unknown as EmailRequest | undefined) ?? null; // put there by the admission
}

const triedMs = 60 * 60_000;

/**
 * The one mail that asks whether a sign-up was meant (R97). It holds nothing that the visitor typed (R128),
 * is no advertisement, and counts neither as one nor as credits (R85).
 */
export async function planEmailRequest(
  deps: EmailDeps & { confirmUrl: (to: { projectId: string; consentId: string }) => string },
  view: ItemView,
  facts: FanFacts,
  { consentId, address }: EmailRequest,
): Promise<Part[]> {
  const gates = [gateKeys.email(facts.fanId), gateKeys.sent(facts.fanId)].flatMap(
    (key) => facts.gates.get(key) ?? [],
  );
  const skip = (reason: string): Part[] => [{ service: '', verdict: { kind: 'skip', reason }, gates }];
  const project = await deps.projects.find(view.projectId);
  const sender = chooseEmailSender(await deps.connections.ofProject(view.projectId), null);
  if (project === undefined || sender === null) return skip('no_sender');
  const isPending = facts.consents.some(({ id, activeAt }) => id === consentId && activeAt === null);
  if (!isPending) return skip('stopped');
  if (facts.suppressions.some((one) => one.address === address)) return skip('bounced');
  const standing = await deps.senders.standing(sender.connection, view.now);
  if (!isSenderReady(project, standing)) return skip('sender_not_ready');
  const language = languageOf(facts, null);
  const { request } = emailWordsIn(language);
  const publicUrl = deps.publicUrl();
  const { projectId } = view;
  const verdict = emailCall({
    ...sender,
    warmUp: standing.warmUp,
    to: address,
    isCompliance: true,
    email: {
      subject: request.subject(project.programme),
      body: request.body(project.programme, deps.confirmUrl({ projectId, consentId })),
      because: request.because(project.programme),
      programme: project.programme,
      legalSender: project.legalSender,
      postalAddress: project.postalAddress,
      language,
      unsubscribeUrl: deps.unsubscribeUrl({ projectId, fanId: facts.fanId, address }),
      privacyUrl: `${publicUrl}/privacy/${project.slug}`,
    },
    fanId: facts.fanId,
    runId: null,
    causeId: null,
    giveUpAt: new Date(view.now.getTime() + triedMs),
    writes: [],
  });
  return [{ service: '', verdict, gates, moves: [gateKeys.sent(facts.fanId)] }];
}
