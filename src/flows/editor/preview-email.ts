import type { z } from 'zod';
import { composeEmail } from '#messages/email/compose-email.ts';
import { templatesOf, triggerReferences } from '../definition.ts';
import { loadFlowContext } from '../problems/context.ts';
import { createSubjectNames } from '../subject-names.ts';
import { knownPathsAt } from '../template-paths.ts';
import { templateProblems } from '../template-problems.ts';
import { subjectOf } from '../template-scope.ts';
import { renderTemplate, TemplateError } from '../template.ts';
import type { previewFlowEmail } from './contract.ts';
import type { EditorDeps } from './facts.ts';
import { type Asked, readersOf, type Reader, type Sample, sampleName, scopeOf } from './preview.ts';

type Preview = z.input<typeof previewFlowEmail.response & object>;

/** A mail as fans will read it: names and dates of this project, no fan's data, links that lead nowhere. */
export async function previewEmail(deps: EditorDeps, projectId: string, asked: Asked): Promise<Preview> {
  const step = asked.steps[asked.position - 1];
  const templates = step === undefined ? [] : templatesOf(step);
  const source = (path: string) => templates.find((one) => one.path === path)?.source ?? '';
  const known = knownPathsAt(asked, asked.position - 1);
  const [problem] = templates.flatMap((one) => templateProblems(one.source, known));
  if (problem !== undefined) return { readings: [], problem: problem.message };
  const context = await loadFlowContext(deps.db, projectId, triggerReferences(asked.trigger));
  const names = await createSubjectNames(deps.db)(projectId, subjectOf(asked, asked.trigger.config));
  const sample: Sample = {
    asked,
    context,
    names,
    link: `${deps.shortUrl()}/s/Ab3dEf6h1J`,
    name: sampleName,
  };
  const { slug, programme, legalSender, postalAddress } = context.project;
  const read = async (reader: Reader) => {
    const scope = scopeOf(sample, reader);
    const mail = await composeEmail({
      subject: renderTemplate(source('subject'), scope),
      body: renderTemplate(source('body'), scope),
      programme,
      legalSender,
      postalAddress,
      language: 'en',
      unsubscribeUrl: `${deps.publicUrl()}/u/preview`,
      privacyUrl: `${deps.publicUrl()}/privacy/${slug}`,
    });
    return { reader, ...mail };
  };
  try {
    return { readings: await Promise.all(readersOf(asked).map(read)), problem: null };
  } catch (error) {
    // A filter that wants what these samples are not.
    if (error instanceof TemplateError) return { readings: [], problem: error.message };
    throw error;
  }
}
