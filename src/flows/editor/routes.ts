import { route, type Route } from '#lib/route.ts';
import { findConflicts } from './conflicts.ts';
import * as contract from './contract.ts';
import { readFlowFacts, type EditorDeps } from './facts.ts';
import { previewEmail } from './preview-email.ts';
import { previewText } from './preview.ts';

/** What an editor asks while somebody draws; nothing here changes anything. */
export function flowEditorRoutes(deps: EditorDeps): Route[] {
  return [
    route(contract.getFlowFacts, ({ projectId }) => readFlowFacts(deps, projectId)),
    route(contract.findFlowConflicts, async ({ projectId, body }) => ({
      items: await findConflicts(deps.db, projectId, body),
    })),
    route(contract.previewFlowEmail, ({ projectId, body }) => previewEmail(deps, projectId, body)),
    route(contract.previewFlowText, ({ projectId, body }) => previewText(deps, projectId, body)),
  ];
}
