import { asksForPerson } from '#lib/human-words.ts';
import { parseKeyword } from '../keyword/normalise.ts';
import type { TriggerContext, TriggerProblem, TriggerScope } from '../trigger.ts';

/** What the two triggers of Instagram have alike: words or any, and an account. */
interface Words {
  on: 'keyword' | 'any';
  keywords: readonly string[];
  connectionId?: string | undefined;
}

/** R14: one keyword, or "any", belongs to one active flow, by account and by place (a post, or all). */
export function wordScopes(
  trigger: string,
  { on, keywords, connectionId }: Words,
  { projectId, place, where }: { projectId: string; place?: string; where: string },
): TriggerScope[] {
  const begin = [trigger, connectionId ?? `project-${projectId}`, ...(place === undefined ? [] : [place])];
  const what = place === undefined ? 'message' : 'comment';
  if (on === 'any')
    return [{ scope: [...begin, 'any'].join(':'), words: `any ${what}${where}`, rule: 'R14' }];
  const normalised = keywords.flatMap((text) => {
    const parsed = parseKeyword(text);
    return 'normalised' in parsed ? [parsed.normalised] : [];
  });
  return [...new Set(normalised)].map((word) => ({
    scope: [...begin, 'word', word].join(':'),
    words: `the keyword “${word.toUpperCase()}”${where}`,
    rule: 'R14' as const,
  }));
}

export function wordProblems({ on, keywords }: Words): TriggerProblem[] {
  if (on === 'any') return [];
  if (keywords.length === 0) return [error('keywords', 'no_keyword', 'Choose at least one keyword.')];
  return keywords.flatMap((text, index) => {
    const at = `keywords.${index}`;
    const parsed = parseKeyword(text);
    if ('problem' in parsed) return [error(at, parsed.problem.code, parsed.problem.message)];
    if (!asksForPerson(text)) return [];
    const message = `“${text.trim()}” asks for a person on Instagram, so it cannot be a keyword.`;
    return [error(at, 'keyword_reserved', message)];
  });
}

export function accountProblems({ connectionId }: Words, { connection }: TriggerContext): TriggerProblem[] {
  if (connectionId === undefined || connection === null) return [];
  if (connection.kind !== 'social')
    return [error('connectionId', 'wrong_connection', 'This connection is no Instagram account.')];
  if (connection.hasSender && connection.isReady) return [];
  const message = 'This account cannot be reached just now: its connection needs attention.';
  return [{ severity: 'warning', path: 'connectionId', code: 'sender_not_ready', message }];
}

function error(path: string, code: string, message: string): TriggerProblem {
  return { severity: 'error', path, code, message };
}
