import { isbot } from 'isbot';

/**
 * Whether a program opened a link and not a person (R93): what says so itself, what only wants to know
 * whether it is there, and what fetches ahead of a tap (https://wicg.github.io/nav-speculation/prefetch.html,
 * `Sec-Purpose`). A program that passes for a browser is counted as a person.
 */
export function isScanner(method: string, header: (name: string) => string | undefined): boolean {
  if (method === 'HEAD') return true;
  const purpose = header('sec-purpose') ?? header('purpose') ?? header('x-purpose') ?? '';
  if (/prefetch|prerender|preview/i.test(purpose)) return true;
  const agent = header('user-agent');
  return agent === undefined || agent === '' || isbot(agent);
}
