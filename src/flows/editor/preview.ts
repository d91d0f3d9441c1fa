import type { CountryPack } from '#messages/countries/country-pack.ts';
import { packFor } from '#messages/countries/index.ts';
import type { z } from 'zod';
import { smsCredits } from '#credits/prices.ts';
import { composeText, type TextToCompose } from '#messages/compose.ts';
import { lighterOf } from '#messages/parts.ts';
import { countryOf } from '#messages/number-country.ts';
import type { FlowStep, FlowTrigger } from '../contract.ts';
import { stepDefinition, templatesOf, triggerDefinition, triggerReferences } from '../definition.ts';
import { createSubjectNames } from '../subject-names.ts';
import { releaseDay, subjectOf, type SubjectNames } from '../template-scope.ts';
import { renderTemplate, TemplateError, type TemplateScope } from '../template.ts';
import { knownPathsAt } from '../template-paths.ts';
import { templateProblems } from '../template-problems.ts';
import { loadFlowContext, type FlowContext } from '../problems/context.ts';
import type { previewFlowText } from './contract.ts';
import type { EditorDeps } from './facts.ts';

type Preview = z.input<typeof previewFlowText.response & object>;
type Reading = Preview['readings'][number];
export type Reader = Reading['reader'];

export interface Asked {
  trigger: FlowTrigger;
  steps: FlowStep[];
  position: number;
}

/** How the steps before the text have ended for each reader. */
const endings: Record<Reader, { status: string; reason: string | null }> = {
  new: { status: 'deferred', reason: 'not_connected' },
  linked: { status: 'done', reason: null },
  link_ended: { status: 'deferred', reason: 'grant_dead' },
  again: { status: 'deferred', reason: 'not_connected' },
};

/** Of whoever reads and is not new. */
export const sampleName = 'Maya';

/** As long as a real one (R120). */
const sampleCode = 's/Ab3dEf6h1J';

/** A text as fans will read it: names and dates of this project, links as long as real ones, no fan's data. */
export async function previewText(
  deps: EditorDeps,
  projectId: string,
  asked: Asked,
  name = sampleName,
): Promise<Preview> {
  const step = asked.steps[asked.position - 1];
  const [template] = step === undefined ? [] : templatesOf(step);
  if (step === undefined || template === undefined) return { readings: [], problem: null };
  const [problem] = templateProblems(template.source, knownPathsAt(asked, asked.position - 1));
  if (problem !== undefined) return { readings: [], problem: problem.message };
  const context = await loadFlowContext(deps.db, projectId, triggerReferences(asked.trigger));
  const names = await createSubjectNames(deps.db)(projectId, subjectOf(asked, asked.trigger.config));
  const link = `${deps.shortUrl().replace(/^https?:\/\//, '')}/${sampleCode}`;
  const sample: Sample = { asked, context, names, link, name };
  try {
    return {
      readings: readersOf(asked).map((reader) => read(sample, reader, template.source)),
      problem: null,
    };
  } catch (error) {
    // A filter that wants what these samples are not.
    if (error instanceof TemplateError) return { readings: [], problem: error.message };
    throw error;
  }
}

export interface Sample {
  asked: Asked;
  context: FlowContext;
  names: SubjectNames;
  link: string;
  /** Of the fan. */
  name: string;
}

/** Readers for whom the steps before make a difference; without a streaming step, only who comes again does. */
export function readersOf({ steps, position }: Asked): Reader[] {
  const isStreaming = steps
    .slice(0, position - 1)
    .some(({ step }) => stepDefinition(step).group === 'streaming');
  return isStreaming ? ['new', 'linked', 'link_ended', 'again'] : ['new', 'again'];
}

function read(sample: Sample, reader: Reader, source: string): Reading {
  const { context } = sample;
  const body = renderTemplate(source, scopeOf(sample, reader));
  const sender = senderOf(sample);
  const country = sender === undefined ? 'US' : countryOf(sender);
  const { text, ...composed } = composeText({
    programme: context.project.programme,
    body,
    ...owed(sample, reader, packFor(country)),
  });
  const credits = smsCredits(context.project.textPrices, country, composed.parts);
  return { reader, ...composed, pieces: [...composed.pieces], credits, lighter: lighterOf(text) };
}

/** R39, R94, R124: who opts in by this text gets the disclosures, who agreed before the way out; some countries want it in each. */
function owed(
  { asked, context }: Sample,
  reader: Reader,
  { everyText }: CountryPack,
): Partial<TextToCompose> {
  const { trigger, steps, position } = asked;
  const permission = triggerDefinition(trigger).permission(trigger.config as never);
  const isFirst = !steps.slice(0, position - 1).some(({ step }) => stepDefinition(step).uses === 'sms');
  if (isFirst && permission === 'reply') return {};
  const mustCarry = everyText.contact ? context.project.contact : null;
  if (!isFirst) return { mustCarry, isOptOutDue: everyText.wayOut };
  const words = triggerDefinition(trigger).callToAction(trigger.config as never);
  if (permission === 'consent' && reader === 'new')
    return { mustCarry, joined: { perMonth: words?.perMonth ?? 4 } };
  return { mustCarry, isOptOutDue: true };
}

function senderOf({ asked, context }: Sample): string | undefined {
  const [chosen] = triggerReferences(asked.trigger).filter(({ kind }) => kind === 'connection');
  const connections = [...context.connections.entries()].filter(([, { kind }]) => kind === 'sms');
  const [, connection] = connections.find(([id]) => id === chosen?.id) ?? connections[0] ?? [];
  return connection?.senders[0]?.value;
}

export function scopeOf({ asked, names, link, name }: Sample, reader: Reader): TemplateScope {
  const { release, artist } = names;
  const before = asked.steps.slice(0, asked.position - 1);
  const ends = before.map(({ step }) => {
    const isStreaming = stepDefinition(step).group === 'streaming';
    const end = isStreaming ? endings[reader] : { status: 'done', reason: null };
    return [
      step,
      step === 'presave' && end.status === 'done' ? { ...end, reason: 'scheduled' } : end,
    ] as const;
  });
  const later = asked.steps
    .slice(asked.position - 1)
    .map(({ step }) => [step, { status: 'pending', reason: null }] as const);
  return {
    fan: { name: reader === 'new' ? null : name },
    artist: { name: artist?.name ?? 'your artist' },
    release: {
      title: release?.title ?? 'your release',
      date: release === null ? '12 June' : releaseDay(release.releaseAt, release.zone, 'en'),
    },
    links: { connect: link, undo: link, until: null },
    run: { again: reader === 'again' },
    steps: Object.fromEntries([...later, ...ends]),
  };
}
