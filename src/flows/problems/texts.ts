import { composeText } from '#messages/compose.ts';
import { composeDm } from '#messages/instagram/compose-dm.ts';
import type { FlowProblem } from '../contract.ts';
import { stepDefinition, templatesOf, type FlowDefinition } from '../definition.ts';
import { knownPathsAt } from '../template-paths.ts';
import { templateProblems } from '../template-problems.ts';
import { renderTemplate, TemplateError, type TemplateScope } from '../template.ts';
import type { FlowContext } from './context.ts';

/** Carriers take no longer text. */
const maxParts = 10;
/** Of a message on Instagram, in UTF-8. */
const maxBytes = 1_000;

/** R101: nothing may be promised in exchange for a streaming action. */
const rewardWords = /\b(win|wins|winner|giveaway|give[- ]away|discount|unlock|unlocks)\b/iu;

/** R106: such links hide where they lead, and carriers filter them. */
const shorteners =
  /^(www\.)?(bit\.ly|bitly\.com|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|tiny\.cc|rb\.gy|t\.ly)$/i;

/** What is wrong with the texts of a flow: template, length, words, links. */
export function textProblems(flow: FlowDefinition, context: FlowContext): FlowProblem[] {
  const hasStreaming = flow.steps.some(({ step }) => stepDefinition(step).group === 'streaming');
  return flow.steps.flatMap((one, index) => {
    const definition = stepDefinition(one.step);
    return templatesOf(one).flatMap(({ path, source }) => {
      const at = `steps.${index}.config.${path}`;
      const problems: FlowProblem[] = templateProblems(source, knownPathsAt(flow, index), at);
      if (problems.length === 0 && definition.uses === 'sms')
        problems.push(...lengthProblems(flow, context, source, at));
      if (problems.length === 0 && definition.group === 'social')
        problems.push(...byteProblems(flow, context, source, at));
      if (hasStreaming && rewardWords.test(source)) problems.push(rewardWarning(at));
      return [...problems, ...linkProblems(source, context, at)];
    });
  });
}

function rewardWarning(path: string): FlowProblem {
  const message =
    'A streaming action may never be the price of a prize or discount: check that this text does not say so.';
  return { severity: 'warning', path, code: 'reward_words', message };
}

/** Counted as it leaves: with the programme name, the disclosures and each way the steps may end. */
function lengthProblems(
  flow: FlowDefinition,
  context: FlowContext,
  source: string,
  path: string,
): FlowProblem[] {
  const parts = Math.max(...sampleScopes(flow).map((scope) => partsOf(source, scope, context)));
  if (parts <= maxParts) return [];
  const message = `With everything filled in, this text has ${parts} parts; ${maxParts} is the most.`;
  return [{ severity: 'error', path, code: 'too_many_parts', message }];
}

/** Counted as it leaves, the words included that say that it is automatic (R116). */
function byteProblems(
  flow: FlowDefinition,
  context: FlowContext,
  source: string,
  path: string,
): FlowProblem[] {
  const bytes = Math.max(...sampleScopes(flow).map((scope) => bytesOf(source, scope, context)));
  if (bytes <= maxBytes) return [];
  const message = `With everything filled in, this message has ${bytes} bytes; Instagram takes ${maxBytes}. An emoji counts as four.`;
  return [{ severity: 'error', path, code: 'too_many_bytes', message }];
}

function bytesOf(source: string, scope: TemplateScope, { project }: FlowContext): number {
  try {
    const body = renderTemplate(source, scope);
    const { programme } = project;
    return Buffer.byteLength(composeDm({ body, programme, language: 'en', isDisclosureDue: true }));
  } catch (error) {
    // As above.
    if (error instanceof TemplateError) return 0;
    throw error;
  }
}

function partsOf(source: string, scope: TemplateScope, context: FlowContext): number {
  try {
    const body = renderTemplate(source, scope);
    return composeText({ programme: context.project.programme, body, joined: { perMonth: 99 } }).parts;
  } catch (error) {
    // Cannot be filled in with these samples (a filter that wants a date): its length is not known.
    if (error instanceof TemplateError) return 0;
    throw error;
  }
}

function sampleScopes(flow: FlowDefinition): TemplateScope[] {
  const link = 'segue.example/s/0123456789';
  return ['done', 'deferred', 'skipped', 'failed'].flatMap((status) =>
    [false, true].map((again) => ({
      fan: { name: 'Alexandra Maria Example' },
      artist: { name: 'An Artist of Usual Length' },
      release: { title: 'A Release of Usual Length', date: '30 September' },
      links: { connect: link, undo: link },
      run: { again },
      steps: Object.fromEntries(flow.steps.map(({ step }) => [step, { status, reason: null }])),
    })),
  );
}

/** A test project reaches nobody, so its links may be anything (R104). */
function linkProblems(source: string, context: FlowContext, path: string): FlowProblem[] {
  if (!context.project.isLive) return [];
  const links = source.match(/https?:\/\/[^\s"'<>{}]+/giu) ?? [];
  return links.flatMap((link): FlowProblem[] => {
    const url = URL.parse(link);
    if (url === null || url.protocol !== 'https:' || isPrivate(url.hostname)) {
      return [
        { severity: 'error', path, code: 'link_not_public', message: `${link} is not a public https link.` },
      ];
    }
    if (!shorteners.test(url.hostname)) return [];
    const message = `${url.hostname} is a public shortener: carriers refuse texts with it. Use the page itself.`;
    return [{ severity: 'error', path, code: 'link_shortener', message }];
  });
}

/** Whether a host can certainly not be reached from a fan's phone. */
export function isPrivate(host: string): boolean {
  return (
    !host.includes('.') ||
    /^(127|10|0|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.|\.(local|localhost|internal|test)$/i.test(host)
  );
}
