import { z } from 'zod';
import { id } from '#lib/wire.ts';
import type { TriggerContext, TriggerDefinition, TriggerProblem } from '../trigger.ts';
import { parseKeyword } from './normalise.ts';

const callToAction = z.strictObject({
  programme: z.string().trim().min(1).max(60),
  /** Most texts a month, as the published words say. */
  perMonth: z.number().int().min(1).max(100),
  where: z.enum(['page', 'post', 'poster', 'stage']),
  link: z.url({ protocol: /^https?$/, error: 'A link begins with https://.' }).max(500),
});

const config = z.strictObject({
  /** As fans should type them; the first stands in the published words. */
  keywords: z.array(z.string().max(200)).max(20),
  match: z.enum(['first', 'exact', 'contains']).default('first'),
  /** The number that the keyword is texted to. Absent: only events by API start the flow. */
  connectionId: id.optional(),
  /** `reply`: one text in answer, no consent. `consent`: the text also opts in (R94). */
  mode: z.enum(['reply', 'consent']).default('reply'),
  callToAction: callToAction.optional(),
});
export type KeywordConfig = z.infer<typeof config>;

export const keyword: TriggerDefinition<KeywordConfig> = {
  id: 'keyword',
  label: 'A fan texts a keyword',
  eventTypes: ['sms.keyword'],
  config,
  scopes: (trigger, projectId) => scopesOf(trigger, projectId),
  references: ({ connectionId }) =>
    connectionId === undefined ? [] : [{ path: 'connectionId', kind: 'connection', id: connectionId }],
  problems: (trigger, context) => [
    ...keywordProblems(trigger.keywords),
    ...senderProblems(trigger, context),
    ...consentProblems(trigger),
  ],
  defaultReentry: { policy: 'cooldown', seconds: 60 },
  callToAction(trigger) {
    const [first] = trigger.keywords;
    if (trigger.callToAction === undefined || first === undefined) return null;
    return { ...trigger.callToAction, keyword: first.trim(), connectionId: trigger.connectionId ?? null };
  },
  summary: ({ keywords }) => `A fan texts ${keywords.length === 0 ? 'a keyword' : keywords.join(' or ')}`,
  fields: {
    keywords: { label: 'Keywords', missing: 'Choose at least one keyword.' },
    match: {
      label: 'Matches',
      choices: {
        first: 'texts that begin with the keyword',
        exact: 'only the keyword itself',
        contains: 'texts that contain the keyword',
      },
    },
    connectionId: { label: 'Number', kind: 'connection' },
    mode: {
      label: 'Texting it means',
      choices: { reply: 'one answer', consent: 'agreeing to texts' },
    },
    callToAction: {
      label: 'Published words',
      parts: {
        programme: { label: 'Name fans know you by', missing: 'Name the programme: what fans know you by.' },
        perMonth: { label: 'Most texts a month', missing: 'Say how many texts a month fans can expect.' },
        where: {
          label: 'Where the words stand',
          missing: 'Say where it stands: page, post, poster or stage.',
          choices: { page: 'on a page', post: 'in a post', poster: 'on a poster', stage: 'said on stage' },
        },
        link: { label: 'Link or picture of it', missing: 'Add the link to the place or a picture of it.' },
      },
    },
  },
  // Without a number nobody texted: the event came by API, which permits no answer (R96).
  permission: ({ connectionId, mode }) => (connectionId === undefined ? 'none' : mode),
};

/** One sender's keyword belongs to one active flow, whichever project it is lent to (R14, R117). */
function scopesOf({ keywords, connectionId }: KeywordConfig, projectId: string) {
  const sender = connectionId ?? `project-${projectId}`;
  const normalised = keywords.flatMap((text) => {
    const parsed = parseKeyword(text);
    return 'normalised' in parsed ? [parsed.normalised] : [];
  });
  return [...new Set(normalised)].map((word) => ({
    scope: `keyword:${sender}:${word}`,
    words: `the keyword “${word.toUpperCase()}”`,
    rule: 'R14' as const,
  }));
}

function keywordProblems(keywords: readonly string[]): TriggerProblem[] {
  if (keywords.length === 0) return [error('keywords', 'no_keyword', 'Choose at least one keyword.')];
  return keywords.flatMap((text, index) => {
    const parsed = parseKeyword(text);
    if ('normalised' in parsed) return [];
    const { code, message } = parsed.problem;
    return [error(`keywords.${index}`, code, message, code === 'keyword_reserved' ? 'R17' : 'R19')];
  });
}

function senderProblems({ connectionId }: KeywordConfig, { connection }: TriggerContext): TriggerProblem[] {
  if (connectionId === undefined) {
    const message = 'No number is chosen, so no text can start this flow: only events by API do.';
    return [{ severity: 'warning', path: 'connectionId', code: 'no_sender', message }];
  }
  if (connection === null) return [];
  if (connection.kind !== 'sms') {
    return [error('connectionId', 'wrong_connection', 'Texts do not come in over this connection.')];
  }
  if (!connection.hasSender || !connection.isReady) {
    const message = 'This number cannot be reached just now: its connection needs attention.';
    return [{ severity: 'warning', path: 'connectionId', code: 'sender_not_ready', message }];
  }
  return [];
}

function consentProblems({ mode, callToAction: words, connectionId }: KeywordConfig): TriggerProblem[] {
  if (mode !== 'consent') return [];
  if (words === undefined) {
    const message =
      'A keyword that opts fans in needs its published words: what fans agree to, and where they read it.';
    return [error('callToAction', 'call_to_action_missing', message, 'R95')];
  }
  if (connectionId === undefined) {
    return [error('connectionId', 'required', 'The published words name the number: choose it.', 'R95')];
  }
  return [];
}

function error(path: string, code: string, message: string, rule?: string): TriggerProblem {
  return { severity: 'error', path, code, message, ...(rule === undefined ? {} : { rule }) };
}
