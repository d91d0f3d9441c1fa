import type { FlowProblem } from '../contract.ts';
import type { FlowConnection, FlowContext } from './context.ts';

const troubles: Record<NonNullable<FlowConnection['emailTrouble']>, string> = {
  not_verified:
    'The DNS does not prove this sender yet, so this step will be skipped. Open the connection to see which record is missing.',
  paused:
    'This sender is paused because too many mails bounced or were called spam, so this step will be skipped.',
};

/** R113: without a proven sender and a postal address the step is skipped, and the artist should know before. */
export function emailSenderProblems(
  references: readonly { kind: string; id: string; path: string }[],
  { connections, project }: FlowContext,
  at: (path: string) => string,
): FlowProblem[] {
  const named = references.find(({ kind }) => kind === 'connection');
  const chosen = named === undefined ? undefined : connections.get(named.id.toLowerCase());
  if (named !== undefined && chosen === undefined) return [];
  if (named !== undefined && chosen?.kind !== 'email') {
    const message = 'Mails cannot be sent over this connection.';
    return [{ severity: 'error', path: at(named.path), code: 'wrong_connection', message }];
  }
  const warn = (code: string, message: string): FlowProblem => ({
    severity: 'warning',
    path: at('connectionId'),
    code,
    message,
  });
  const sender = chosen ?? [...connections.values()].find(({ kind }) => kind === 'email');
  if (sender === undefined) {
    const message = 'There is no address to send from, so this step will be skipped. Connect e-mail first.';
    return [warn('no_sender', message)];
  }
  const problems: FlowProblem[] = [];
  if (sender.emailTrouble !== null) problems.push(warn('sender_not_ready', troubles[sender.emailTrouble]));
  if (project.postalAddress.trim() === '') {
    const message =
      'The law wants a postal address in every mail, so this step will be skipped. Enter one in the settings.';
    problems.push(warn('no_postal_address', message));
  }
  return problems;
}
