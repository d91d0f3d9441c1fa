import type { EmailReference } from '../../connector.ts';

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a mail was given along as `project` and `intent`, out of whatever a report returned. */
export function readReference(tags: unknown): EmailReference | null {
  if (typeof tags !== 'object' || tags === null || !('project' in tags) || !('intent' in tags)) return null;
  const { project, intent } = tags;
  if (typeof project !== 'string' || typeof intent !== 'string') return null;
  return id.test(project) && id.test(intent) ? { projectId: project, intentId: intent } : null;
}
