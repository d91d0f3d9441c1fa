import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/**
 * Words for a form's field, in place of the schema library's own for programmers. Undefined: the
 * library's stay; words that a contract gives to a field come before these.
 */
export function issueWords(issue: Issue): string | undefined {
  if (issue.code === 'too_small') return tooSmall(issue);
  if (issue.code === 'too_big') return tooBig(issue);
  if (issue.code === 'invalid_format' && issue.format === 'email')
    return 'An e-mail address such as name@example.com.';
  return undefined;
}

type TooSmall = Extract<Issue, { code: 'too_small' }>;
function tooSmall({ origin, minimum, inclusive }: TooSmall): string | undefined {
  if (inclusive === false) return undefined;
  if (origin === 'string') return minimum === 1 ? 'This is needed.' : `At least ${minimum} characters.`;
  if (origin === 'array') return minimum === 1 ? 'Choose at least one.' : `Choose at least ${minimum}.`;
  return origin === 'number' || origin === 'int' ? `At least ${minimum}.` : undefined;
}

type TooBig = Extract<Issue, { code: 'too_big' }>;
function tooBig({ origin, maximum, inclusive }: TooBig): string | undefined {
  if (inclusive === false) return undefined;
  if (origin === 'string') return `At most ${maximum} characters.`;
  if (origin === 'array') return `At most ${maximum}.`;
  return origin === 'number' || origin === 'int' ? `At most ${maximum}.` : undefined;
}
