import type { z } from 'zod';
import type { ItemView, Part } from '#engine/contract.ts';
import type { Fields } from '#lib/field.ts';
import type { Expectation, StepFacts } from './expectations.ts';

/**
 * What a step is. The definition is browser-safe and says everything that can be known before a
 * run; the server half says, for one fan and now, what is to be done. It changes nothing itself:
 * every effect goes through `ctx`, and comes back as parts for the engine.
 */
export interface StepDefinition<Config = unknown> {
  /** Folder name = id in database, URL and code. */
  id: string;
  label: string;
  group: 'streaming' | 'audience' | 'messaging' | 'social';
  config: z.ZodType<Config>;
  /** Things of the project that the step names: checked to exist, `path` within the config. */
  references(config: Config): StepReference[];
  /** Liquid sources in the config, to be checked against what a run will know. */
  templates(config: Config): { path: string; source: string }[];
  /** Which account of credits a performed step uses; null: none (R78). */
  uses: 'sms' | 'email' | null;
  /** Only a box that the fan ticks allows it: no published words do (R100). */
  isByBoxOnly?: true;
  /** One line for lists: `Pre-save "Midnight Ferry"`. Names are looked up by the caller. */
  summary(config: Config, name: (reference: StepReference) => string): string;
  /** The form. */
  fields: Fields;
  /** What will become of it, for whom (4.5); the first says it of most fans. Pure. */
  expectations(config: Config, policy: StepPolicy, facts: StepFacts): Expectation[];
}

export interface StepReference {
  path: string;
  kind: 'release' | 'artist' | 'segment' | 'connection';
  id: string;
}

export interface StepServer<Config = unknown> {
  definition: StepDefinition<Config>;
  /** One part a service, or one with service ''. */
  evaluate(ctx: StepContext, config: Config): Promise<Part[]>;
}

/** How the artist set the step, beside its config. */
export interface StepPolicy {
  onUnmet: 'defer' | 'skip';
  /** Hours a deferred step waits; null: the step's own default. */
  deadlineHours: number | null;
}

/** What a step may ask for. Each answers with the parts that perform it or say why not (4.5). */
export interface StepContext {
  view: ItemView;
  policy: StepPolicy;
  streaming: {
    presave(releaseId: string): Promise<Part[]>;
    saveRelease(releaseId: string): Promise<Part[]>;
    followArtist(artistId: string): Promise<Part[]>;
    nextSave(artistId: string): Promise<Part[]>;
  };
  segments: { add(segmentId: string): Promise<Part[]> };
  texts: { send(text: { body: string; connectionId: string | null }): Promise<Part[]> };
  emails: {
    send(email: { subject: string; body: string; connectionId: string | null }): Promise<Part[]>;
  };
  directMessages: { send(message: { text: string; connectionId: string | null }): Promise<Part[]> };
}
