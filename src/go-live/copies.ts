import type { GoLiveCopy } from '#connectors/connector.ts';
import type { FlowRow } from '#flows/queries.ts';
import { stepDefinition, triggerDefinition } from '#flows/definition.ts';
import { helpAnswer, stopConfirmation } from '#messages/compliance-texts.ts';

/** What forms of providers ask for, written from the project and its flows. */
export interface CopySource {
  publicUrl: string;
  project: { slug: string; programme: string; contact: string; monthlyCap: number };
  flows: readonly FlowRow[];
  /** Words published beside keywords (R95), newest of each flow. */
  callsToAction: readonly string[];
  /** What a thing that a flow names is called. */
  name: (kind: string, id: string) => string;
}

/** Forms show few, and carriers compare them with what is really sent. */
const maxSamples = 5;

export function writeCopy(copy: GoLiveCopy, connector: string, source: CopySource): string {
  const { publicUrl, project } = source;
  switch (copy) {
    case 'redirect-uri':
      return `${publicUrl}/oauth/${connector}/callback`;
    case 'terms-url':
      return `${publicUrl}/t/${project.slug}`;
    case 'privacy-url':
      return `${publicUrl}/privacy/${project.slug}`;
    case 'stop-answer':
      return stopConfirmation(project).text;
    case 'help-answer':
      return helpAnswer({ ...project, perMonth: project.monthlyCap }).text;
    case 'keywords':
      return keywordsOf(source.flows).join(', ');
    case 'opt-in':
      return source.callsToAction.join('\n\n');
    case 'sample-messages':
      return sampleTexts(source).join('\n\n');
    case 'use-case':
      return useCase(source);
  }
}

function useCase({ project, flows, name }: CopySource): string {
  const named = ({ kind, id }: { kind: string; id: string }) => name(kind, id);
  const uses = flows.map(({ trigger, steps }) => {
    const does = steps.map(({ step, config }) => {
      const summary = stepDefinition(step).summary(config as never, named);
      return summary.charAt(0).toLowerCase() + summary.slice(1);
    });
    return `${triggerDefinition(trigger).summary(trigger.config as never, named)}: ${does.join('; ')}.`;
  });
  return [
    `${project.programme} uses this for fans who asked for it, and for nobody else. No list is bought or rented.`,
    ...uses,
    `A fan gets at most ${project.monthlyCap} messages in a month, and ends them with STOP, with the link in every mail, or on a page of her own.`,
  ].join('\n');
}

/** Bodies as carriers want them: the programme in front, what changes in brackets. */
function sampleTexts({ project, flows }: CopySource): string[] {
  const bodies = flows.flatMap(({ steps }) =>
    steps.flatMap(({ step, config }) =>
      stepDefinition(step).uses === 'sms' && typeof config['body'] === 'string' ? [config['body']] : [],
    ),
  );
  const samples = bodies.map((body) => `${project.programme}: ${asSample(body)} STOP to end`);
  return [...new Set(samples)].slice(0, maxSamples);
}

/** The first way that its conditions leave open. */
function asSample(body: string): string {
  let sample = '';
  /** Conditions around, and how many of them are past their first way. */
  const around: { isPast: boolean }[] = [];
  for (const [part] of body.matchAll(/\{%.*?%\}|(?:(?!\{%)[^])+/g)) {
    const tag = /^\{%-?\s*(\w+)/.exec(part)?.[1];
    const innermost = around.at(-1);
    if (tag === undefined) sample += around.some(({ isPast }) => isPast) ? '' : part;
    else if (tag === 'if' || tag === 'unless' || tag === 'case') around.push({ isPast: false });
    else if (tag.startsWith('end')) around.pop();
    else if (innermost !== undefined && tag.startsWith('els')) innermost.isPast = true;
  }
  return sample
    .replaceAll(/\{\{\s*([\w.]+)[^}]*\}\}/g, '[$1]')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** In capitals, each once. */
export function keywordsOf(flows: readonly Pick<FlowRow, 'trigger'>[]): string[] {
  const words = flows.flatMap(({ trigger }) => {
    const keywords = trigger.trigger === 'keyword' ? trigger.config['keywords'] : [];
    return Array.isArray(keywords) ? keywords.map((word) => String(word).toUpperCase()) : [];
  });
  return [...new Set(words)];
}
