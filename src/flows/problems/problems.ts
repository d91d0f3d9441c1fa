import type { FlowProblem } from '../contract.ts';
import { emailSenderProblems } from './email-sender.ts';
import {
  referencesOf,
  stepDefinition,
  stepReferences,
  triggerDefinition,
  triggerReferences,
  type FlowDefinition,
} from '../definition.ts';
import { callToActionInput } from '../call-to-action.ts';
import { overPlan } from '../plan-limits.ts';
import { callToActionProblems } from '#messages/call-to-action.ts';
import type { TriggerContext } from '#triggers/trigger.ts';
import type { FlowContext } from './context.ts';
import { unfilled } from './unfilled.ts';
import { missingReferences } from './references.ts';
import { isPrivate, textProblems } from './texts.ts';

/** Everything wrong with a flow, or worth saying before it starts. Only errors block activation. */
/** Where messages lead, scheme and host: pages, and the short links to them. */
export interface FlowAddresses {
  publicUrl: string;
  shortUrl: string;
}

export function addressesOf(at: { publicUrl: () => string; shortUrl: () => string }): FlowAddresses {
  return { publicUrl: at.publicUrl(), shortUrl: at.shortUrl() };
}

export function flowProblems(flow: FlowDefinition, context: FlowContext, at: FlowAddresses): FlowProblem[] {
  return [
    ...missingReferences(referencesOf(flow), context).map((one) => ({ ...one, severity: 'error' as const })),
    ...planProblems(flow, context),
    ...shapeProblems(flow),
    ...unfilled(flow),
    ...triggerProblems(flow, context),
    ...callToActionOf(flow, context, at.publicUrl),
    ...stepProblems(flow, context),
    ...textProblems(flow, context),
    ...addressProblems(flow, context, at),
  ];
}

/** A flow that was drawn under another plan says so before anybody turns it on (R6, R7). */
function planProblems(flow: FlowDefinition, { plan }: FlowContext): FlowProblem[] {
  const over = overPlan(flow, plan);
  return over === null ? [] : [error(over.path, 'plan_limit', over.message)];
}

function shapeProblems({ steps, reentry }: FlowDefinition): FlowProblem[] {
  const problems: FlowProblem[] = [];
  if (steps.length === 0) problems.push(error('steps', 'no_steps', 'A flow needs at least one step.'));
  if (reentry.policy === 'cooldown' && reentry.seconds === undefined) {
    problems.push(error('reentry.seconds', 'required', 'Say how many seconds the cool-down lasts.'));
  }
  return problems;
}

function triggerProblems({ trigger }: FlowDefinition, context: FlowContext): FlowProblem[] {
  const definition = triggerDefinition(trigger);
  const connectionId = triggerReferences(trigger).find(({ kind }) => kind === 'connection')?.id;
  const connection = connectionId === undefined ? undefined : context.connections.get(connectionId);
  const seen: TriggerContext = {
    connection:
      connection === undefined
        ? null
        : { kind: connection.kind, isReady: connection.isReady, hasSender: connection.senders.length > 0 },
  };
  return definition.problems(trigger.config as never, seen).map(({ severity, path, code, message }) => ({
    severity,
    path: `trigger.config.${path}`,
    code,
    message,
  }));
}

/** The published words must be complete before anybody can agree to them (R95). */
function callToActionOf(flow: FlowDefinition, context: FlowContext, publicUrl: string): FlowProblem[] {
  const input = callToActionInput(flow, context, publicUrl);
  if (input === null) return [];
  return callToActionProblems(input).map((one) => ({
    ...one,
    path: `trigger.config.callToAction.${one.path}`,
  }));
}

function stepProblems(flow: FlowDefinition, context: FlowContext): FlowProblem[] {
  return flow.steps.flatMap((one, index) => {
    const { step } = one;
    const definition = stepDefinition(step);
    const references = stepReferences(one);
    const problems: FlowProblem[] = [];
    const at = (path: string) => `steps.${index}.config.${path}`;
    for (const { kind, id, path } of references) {
      const release = kind === 'release' ? context.releases.get(id.toLowerCase()) : undefined;
      if (release?.kind === 'playlist' && step === 'presave') {
        problems.push(
          error(at(path), 'playlist', 'A playlist cannot be pre-saved, only added to the library.'),
        );
      }
      if (release?.isCancelled === true) {
        problems.push(warning(at(path), 'release_cancelled', 'This release was cancelled.'));
      }
    }
    if (definition.uses === 'sms') problems.push(...senderProblems(references, context, at));
    if (definition.group === 'social') problems.push(...accountProblems(references, context, at));
    if (definition.uses === 'email') problems.push(...emailSenderProblems(references, context, at));
    return problems;
  });
}

/** Without a sender the step is skipped, and the artist should know before (R52). */
function senderProblems(
  references: readonly { kind: string; id: string; path: string }[],
  context: FlowContext,
  at: (path: string) => string,
): FlowProblem[] {
  const named = references.find((reference) => reference.kind === 'connection');
  const chosen = named === undefined ? undefined : context.connections.get(named.id.toLowerCase());
  if (named !== undefined && chosen !== undefined && chosen.kind !== 'sms') {
    return [error(at(named.path), 'wrong_connection', 'Texts cannot be sent over this connection.')];
  }
  const candidates = chosen === undefined ? [...context.connections.values()] : [chosen];
  const isSendable = candidates.some(
    ({ kind, isReady, senders }) => kind === 'sms' && isReady && senders.length > 0,
  );
  if (isSendable || (named !== undefined && chosen === undefined)) return [];
  const message = 'There is no number to send from, so this step will be skipped. Connect a number first.';
  return [warning(at('connectionId'), 'no_sender', message)];
}

/** Without an account the step waits a day for one, and the artist should know before. */
function accountProblems(
  references: readonly { kind: string; id: string; path: string }[],
  { connections }: FlowContext,
  at: (path: string) => string,
): FlowProblem[] {
  const named = references.find((reference) => reference.kind === 'connection');
  const chosen = named === undefined ? undefined : connections.get(named.id.toLowerCase());
  if (named !== undefined && chosen !== undefined && chosen.kind !== 'social')
    return [error(at(named.path), 'wrong_connection', 'This connection is no Instagram account.')];
  const candidates = chosen === undefined ? [...connections.values()] : [chosen];
  const isReachable = candidates.some(
    ({ kind, isReady, senders }) => kind === 'social' && isReady && senders.length > 0,
  );
  if (isReachable || (named !== undefined && chosen === undefined)) return [];
  const message = 'No Instagram account is connected, so this step waits a day for one and is then skipped.';
  return [warning(at('connectionId'), 'no_sender', message)];
}

/** R106: a live text leads a fan's phone to this installation. */
function addressProblems(flow: FlowDefinition, context: FlowContext, to: FlowAddresses): FlowProblem[] {
  if (!context.project.isLive) return [];
  const at = flow.steps.findIndex(({ step }) => stepDefinition(step).uses !== null);
  if (at === -1) return [];
  for (const [name, address] of [
    ['PUBLIC_URL', to.publicUrl],
    ['SHORT_URL', to.shortUrl],
  ] as const) {
    const url = URL.parse(address);
    if (url?.protocol === 'https:' && !isPrivate(url.hostname)) continue;
    const message = `Links in messages would lead to an address that fans cannot reach. Set ${name} to a public https address.`;
    return [error(`steps.${at}`, 'address_not_public', message)];
  }
  return longLinkProblems(flow, to.shortUrl);
}

/** R120: what a link may take of a text, without its scheme. */
const longestLink = 24;
/** `/s/` and a code. */
const linkPath = 13;

function longLinkProblems(flow: FlowDefinition, shortUrl: string): FlowProblem[] {
  const at = flow.steps.findIndex(({ step }) => stepDefinition(step).uses === 'sms');
  const length = new URL(shortUrl).host.length + linkPath;
  if (at === -1 || length <= longestLink) return [];
  const message = `A link takes ${length} characters of each text. With a short domain of your own (SHORT_URL) it takes ${longestLink} or fewer.`;
  return [warning(`steps.${at}`, 'long_link', message)];
}

function error(path: string, code: string, message: string): FlowProblem {
  return { severity: 'error', path, code, message };
}

function warning(path: string, code: string, message: string): FlowProblem {
  return { severity: 'warning', path, code, message };
}
