import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { callToActionText, type CallToAction } from '#messages/call-to-action.ts';
import { ageLine, packFor } from '#messages/countries/index.ts';
import { countryOf } from '#messages/number-country.ts';
import { textVersion } from '#messages/text-version.ts';
import { stepDefinition, triggerDefinition, type FlowDefinition } from './definition.ts';
import type { FlowContext } from './problems/context.ts';
import { nameOf } from './problems/references.ts';

/** What the published words beside the trigger say (R95); null: this flow publishes none. */
export function callToActionInput(
  flow: FlowDefinition,
  context: FlowContext,
  publicUrl: string,
): CallToAction | null {
  const words = triggerDefinition(flow.trigger).callToAction(flow.trigger.config as never);
  if (words === null) return null;
  const { project, connections } = context;
  const connection = words.connectionId === null ? undefined : connections.get(words.connectionId);
  const number = connection?.senders[0]?.value ?? '';
  return {
    programme: words.programme,
    legalSender: project.legalSender,
    perMonth: words.perMonth,
    termsUrl: `${publicUrl}/t/${project.slug}`,
    privacyUrl: `${publicUrl}/privacy/${project.slug}`,
    keyword: words.keyword,
    number,
    ageLine: ageLine(packFor(countryOf(number))),
    actions: actionsOf(flow, context),
    where: words.where,
    link: words.link,
  };
}

/** `pre-save Nightglass`, `follow Luna Vale`: what the words ask a fan to agree to (R100). */
function actionsOf(flow: FlowDefinition, context: FlowContext): string[] {
  return flow.steps.flatMap(({ step, config }) => {
    const definition = stepDefinition(step);
    if (definition.group !== 'streaming' || definition.isByBoxOnly) return [];
    const summary = definition.summary(config as never, (reference) => nameOf(context, reference));
    return [summary.charAt(0).toLowerCase() + summary.slice(1)];
  });
}

/**
 * Publishes the words: the newest row of a flow is current, and a consent points to its version.
 * Publishing the same words again makes them current again.
 */
export async function publishCallToAction(
  tx: Tx,
  projectId: string,
  flowId: string,
  input: CallToAction,
  now: Date,
): Promise<void> {
  const text = callToActionText(input);
  await sql`
    insert into call_to_action (project_id, flow_id, version, text, programme, per_month, place, link, published_at)
    values (${projectId}, ${flowId}, ${textVersion(text)}, ${text}, ${input.programme}, ${input.perMonth},
            ${input.where}, ${input.link}, ${now})
    on conflict (project_id, flow_id, version) do update
      set published_at = excluded.published_at, programme = excluded.programme, per_month = excluded.per_month,
          place = excluded.place, link = excluded.link`.execute(tx);
}
