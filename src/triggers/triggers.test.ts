import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { newId } from '#lib/ids.ts';
import { triggerIds, triggers, type TriggerId } from './index.ts';
import type { TriggerContext, TriggerDefinition } from './trigger.ts';

const connectionId = newId();
const projectId = newId();
const releaseId = newId();
const artistId = newId();
const nameOf = () => 'Midnight Ferry';

/** A config of every trigger that could start a flow. */
const samples: Record<TriggerId, object> = {
  keyword: { keywords: ['PRESAVE', 'pre-save', 'NIGHT'], connectionId },
  'sms-sign-up': {},
  'email-sign-up': {},
  presave: { releaseId },
  follow: { artistId },
  'library-add': { releaseId },
  nextsave: { artistId },
  'new-release': {},
  'instagram-dm': { keywords: ['LINK', 'l-i-n-k', 'FERRY'] },
  'instagram-comment': { keywords: ['LINK'], mediaId: '17900000000000001', onlyFirst: true },
};

const ready: TriggerContext = { connection: { kind: 'sms', isReady: true, hasSender: true } };

describe.each(triggerIds)('trigger %s', (id) => {
  // As: its own schema makes the config that goes back into it.
  const definition = triggers[id] as unknown as TriggerDefinition;
  const config = definition.config.parse(samples[id]);

  test('lies in a folder of its name and says what it is', () => {
    expect(definition.id).toBe(id);
    expect(existsSync(new URL(`./${id}/trigger.ts`, import.meta.url))).toBe(true);
    expect(definition.summary(config, nameOf)).not.toBe('');
    expect(definition.eventTypes.length).toBeGreaterThan(0);
  });

  test('refuses fields that it does not know', () => {
    expect(definition.config.safeParse({ ...samples[id], colour: 'red' }).success).toBe(false);
  });

  test('has no problems with its sample, and scopes that are stable and distinct', () => {
    expect(definition.problems(config, ready)).toEqual([]);
    const scopes = definition.scopes(config, projectId).map(({ scope }) => scope);
    expect(scopes).toEqual(definition.scopes(config, projectId).map(({ scope }) => scope));
    expect(new Set(scopes).size).toBe(scopes.length);
    for (const scope of scopes) expect(scope.startsWith(`${id}:`)).toBe(true);
  });

  test('has a form for exactly what its config holds', () => {
    // As: every config is an object.
    const { shape } = definition.config as z.ZodObject;
    expect(Object.keys(definition.fields).sort()).toEqual(Object.keys(shape).sort());
  });

  test('has a cool-down with a length, if it has one', () => {
    const { policy, seconds } = definition.defaultReentry;
    expect(policy === 'cooldown' ? (seconds ?? 0) > 0 : seconds === undefined).toBe(true);
  });
});

const keywordScopes = (config: object, project = projectId) => {
  const { keyword } = triggers;
  return keyword.scopes(keyword.config.parse(config), project).map(({ scope }) => scope);
};

describe('the scopes of a keyword', () => {
  test('R14 are one for every spelling', () => {
    expect(keywordScopes({ keywords: ['Pre-Save!', '“PRESAVE”'], connectionId })).toEqual([
      `keyword:${connectionId}:presave`,
    ]);
  });

  test('R117 are the sender’s, whichever project it is lent to', () => {
    expect(keywordScopes({ keywords: ['A'], connectionId }, newId())).toEqual(
      keywordScopes({ keywords: ['A'], connectionId }),
    );
    expect(keywordScopes({ keywords: ['A'] }, newId())).not.toEqual(keywordScopes({ keywords: ['A'] }));
  });

  test('are none for what cannot be a keyword', () => {
    expect(keywordScopes({ keywords: ['STOP', '!!'], connectionId })).toEqual([]);
  });
});

describe('the keywords of Instagram', () => {
  test.each(['instagram-dm', 'instagram-comment'] as const)('R17, R116 of %s are no commands', (id) => {
    // As: what every config of the two has.
    const definition = triggers[id] as unknown as TriggerDefinition;
    const codes = (config: object) =>
      definition.problems(definition.config.parse(config), { connection: null }).map(({ code }) => code);
    expect(codes({ keywords: ['STOP', 'Human!', 'LINK'] })).toEqual(['keyword_reserved', 'keyword_reserved']);
    expect(codes({ keywords: [] })).toEqual(['no_keyword']);
    expect(codes({ on: 'any' })).toEqual([]);
  });
});
