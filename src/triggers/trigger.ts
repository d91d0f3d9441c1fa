import type { z } from 'zod';
import type { Fields } from '#lib/field.ts';

/** What starts a flow. The definition is browser-safe and knows nothing of databases or channels' providers. */
export interface TriggerDefinition<Config = unknown> {
  /** Folder name = id in database, URL and code. */
  id: string;
  label: string;
  /** Events that may start a flow with this trigger. */
  eventTypes: readonly string[];
  config: z.ZodType<Config>;
  /**
   * What no other active flow may have too (R13, R14): a key that is unique in the installation, and
   * the words for it in a refusal. Empty: the trigger may stand in any number of flows.
   */
  scopes(config: Config, projectId: string): TriggerScope[];
  /**
   * The scope in which an event about `subject` is heard: whichever active flow has it is started, so
   * that what two flows may not share and what an event finds are one thing. Absent: the trigger is
   * matched by its words. Null: no flow can hear it.
   */
  heardAt?(subject: Readonly<Record<string, unknown>>, projectId: string): string | null;
  /** Whether an event that is heard starts the flow; absent: each does. */
  mayStart?(config: Config, event: HeardEvent): boolean;
  /** Things of the project that the trigger names, `path` within the config. */
  references(config: Config): TriggerReference[];
  /** Its events are about a release that the config need not name: texts can. */
  isAboutRelease?: true;
  /** What is wrong or worth saying, `path` within the config; errors block activation. */
  problems(config: Config, context: TriggerContext): TriggerProblem[];
  defaultReentry: Reentry;
  /** The published words beside the trigger (R95); null: none. */
  callToAction(config: Config): CallToActionConfig | null;
  /** One line for lists: `A fan texts PRESAVE`. Names are looked up by the caller. */
  summary(config: Config, name: (reference: TriggerReference) => string): string;
  /** The form. */
  fields: Fields;
  /** What a run that it starts may text to the fan: one answer, an opt-in with it, or nothing (R94). */
  permission(config: Config): 'reply' | 'consent' | 'none';
  /** Plans that lack this feature may not use the trigger (R7). */
  planFeature?: 'instagram' | 'newReleaseTrigger';
}

export interface HeardEvent {
  subject: Readonly<Record<string, unknown>>;
  /** Whether the flow sends any message. */
  isSending: boolean;
}

export interface TriggerScope {
  scope: string;
  words: string;
  /** Which rule forbids two of it. */
  rule: 'R13' | 'R14';
}

export interface TriggerReference {
  path: string;
  kind: 'release' | 'artist' | 'connection';
  id: string;
}

/** What a trigger may know of the project when it looks for problems. */
export interface TriggerContext {
  /** The connection that the trigger names; null: none named, or none there. */
  connection: { kind: 'streaming' | 'sms' | 'email' | 'social'; isReady: boolean; hasSender: boolean } | null;
}

export interface TriggerProblem {
  severity: 'error' | 'warning';
  path: string;
  code: string;
  message: string;
  rule?: string;
}

export interface Reentry {
  policy: 'once' | 'cooldown' | 'always';
  /** Of a cool-down. */
  seconds?: number | undefined;
}

export interface CallToActionConfig {
  /** As fans should type it. */
  keyword: string;
  connectionId: string | null;
  programme: string;
  perMonth: number;
  where: 'page' | 'post' | 'poster' | 'stage';
  link: string;
}
