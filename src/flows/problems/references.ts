import { UserError } from '#lib/errors.ts';
import type { Reference } from '../definition.ts';
import type { FlowContext } from './context.ts';

const words: Readonly<Record<Reference['kind'], string>> = {
  release: 'release',
  artist: 'artist',
  segment: 'segment',
  connection: 'connection',
};

/** Those of the references that name nothing of this project: unknown, or another project's (R88). */
export function missingReferences(
  references: readonly Reference[],
  context: FlowContext,
): { path: string; code: 'not_found'; message: string }[] {
  return references
    .filter(({ kind, id }) => !isThere(context, kind, id))
    .map(({ path, kind }) => ({
      path,
      code: 'not_found',
      message: `There is no such ${words[kind]} in this project.`,
    }));
}

/** Refuses a flow that names what is not there: 422, naming the fields. */
export function refuseMissing(references: readonly Reference[], context: FlowContext): void {
  const errors = missingReferences(references, context);
  const [first] = errors;
  if (first === undefined) return;
  throw new UserError(422, 'invalid', `${first.path}: ${first.message}`, { errors, rule: 'R88' });
}

function isThere(context: FlowContext, kind: Reference['kind'], id: string): boolean {
  if (kind === 'connection') return context.connections.has(id);
  if (kind === 'release') return context.releases.has(id);
  return (kind === 'artist' ? context.artists : context.segments).has(id);
}

/** The name of what a reference points to, for summaries and published words; nothing chosen: in general. */
export function nameOf(context: FlowContext, reference: Reference): string {
  const { kind } = reference;
  // As: a draft's reference may be open, which the type of a whole config does not say.
  const id = (reference.id as string | undefined)?.toLowerCase() ?? '';
  if (kind === 'release') return context.releases.get(id)?.name ?? 'a release';
  if (kind === 'artist') return context.artists.get(id)?.name ?? 'the artist';
  if (kind === 'segment') return context.segments.get(id)?.name ?? 'a segment';
  return context.connections.get(id)?.senders[0]?.value ?? 'a connection';
}
