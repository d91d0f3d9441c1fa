import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, time } from '#lib/wire.ts';

const copy = z.object({
  /** What it is: `redirect-uri`, `use-case` …; the dashboard has words for each. */
  id: z.string(),
  /** As it can be pasted there; empty: there is nothing to say yet. */
  value: z.string(),
});

const task = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  decidedBy: z.string(),
  wait: z.string(),
  cost: z.string(),
  url: z.string().nullable(),
  copies: z.array(copy),
  doneAt: time.nullable(),
});

const connector = z.object({
  connector: z.string(),
  label: z.string(),
  /** The newest connection of it that this project has. */
  connection: z
    .object({ id, label: z.string(), state: z.string(), lastSuccessAt: time.nullable() })
    .nullable(),
  tasks: z.array(task),
});

const channel = z.object({
  kind: z.enum(['sms', 'email', 'social', 'streaming']),
  /** Flows that need it. */
  flows: z.array(z.object({ id, name: z.string() })),
  /** What the project uses; where it uses none, all that there are. */
  connectors: z.array(connector),
  /** Whether a connection of it works. */
  isReady: z.boolean(),
});

export const getGoLive = endpoint({
  method: 'GET',
  path: '/go-live',
  summary: 'What each channel of the flows needs before it reaches real fans, and how far that is',
  scope: 'read',
  permission: 'see',
  showsAddresses: true,
  response: z.object({
    isLive: z.boolean(),
    /** Made from this test project. */
    liveProject: z.object({ id, name: z.string(), slug: z.string() }).nullable(),
    /** Of the project and of this installation. */
    basics: z.array(
      z.object({
        id: z.enum(['public-url', 'legal-sender', 'contact', 'postal-address']),
        isDone: z.boolean(),
        value: z.string(),
      }),
    ),
    channels: z.array(channel),
  }),
});

export const setGoLiveTask = endpoint({
  method: 'PUT',
  path: '/go-live/tasks/{connector}/{task}',
  summary: 'Note that a step at a provider is done, or is not',
  scope: 'write',
  permission: 'connect',
  params: z.object({ connector: z.string().max(40), task: z.string().max(40) }),
  body: z.strictObject({ isDone: z.boolean() }),
});

export const makeLiveProject = endpoint({
  method: 'POST',
  path: '/go-live/project',
  summary:
    'Make the live project of a test one: its flows as drafts, landing pages, releases, artists and segments, and no fans. Repeated, it answers with the same project',
  scope: null,
  permission: 'projects',
  response: z.object({ id, name: z.string(), slug: z.string() }),
});

export const enterOptInWords = endpoint({
  method: 'POST',
  path: '/connections/{id}/opt-in-words',
  summary:
    'Enter the keywords of the active flows at the provider of a number, as words that lift its block (R98). Repeating is harmless',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: z.object({ words: z.array(z.string()) }),
});
