import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { Candidate, JsonObject } from '#engine/contract.ts';
import { holdGates, readGates } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { createKeywordIndex, type KeywordIndex, type MatchMode } from '#triggers/keyword/match-keyword.ts';
import { triggers } from '#triggers/index.ts';
import { parseKeyword } from '#triggers/keyword/normalise.ts';
import type { TriggerDefinition } from '#triggers/trigger.ts';
import type { FlowTrigger } from './contract.ts';
import { scopesOf } from './definition.ts';
import { createSocialMatcher, type SocialMatcher } from './social-matching.ts';

/** An active flow as matching needs it. */
export interface ActiveFlow {
  flowId: string;
  flowVersionId: string;
  trigger: { trigger: string; config: Record<string, unknown> };
  steps: readonly { step: string; config: Record<string, unknown> }[];
  reentry: Candidate['reentry'];
  /** The published words current now; a consent points to them (R95). */
  callToAction: { version: string; text: string; perMonth: number; programme: string } | null;
}

/** The active flows of a project, ready to match. */
export interface FlowIndex {
  /** Of gate `flows` when it was read. */
  seq: number;
  flows: readonly ActiveFlow[];
  /**
   * Keywords that can be texted to a connection: its own, and those of flows that name none. Null:
   * those of all connections.
   */
  keywords(connectionId: string | null): KeywordIndex<ActiveFlow>;
  /** Flows whose triggers hear this type of event, each of another trigger (R20), by the scopes that they have. */
  hearing(type: string, subject: JsonObject): readonly ActiveFlow[];
  /** What a fan wrote on Instagram → the flow that it starts. */
  social(trigger: 'instagram-dm' | 'instagram-comment'): SocialMatcher;
  /** By trigger id, newest activation last. */
  byTrigger(trigger: string): readonly ActiveFlow[];
}

/**
 * Keeps indexes in memory. `held` is for accepting transactions: it holds the gate `flows`, so that
 * no flow is activated, paused or deleted between the match and the commit, and reads the index
 * anew when the gate has moved. `current` may be a second behind.
 */
export class FlowIndexes {
  readonly #db: Db;
  readonly #cache = new Map<string, FlowIndex>();

  constructor(db: Db) {
    this.#db = db;
  }

  async held(tx: Tx, projectId: string): Promise<FlowIndex> {
    const known = this.#cache.get(projectId);
    const seq = known?.seq ?? -1;
    const moved = await holdGates(tx, projectId, [{ key: gateKeys.flows, seq, closed: false }]);
    if (known !== undefined && moved.size === 0) return known;
    // Held now: what is read from here on cannot move until this transaction ends. Read through it,
    // since waiting for a second connection while holding one can starve the pool.
    return this.#read(tx, projectId);
  }

  async current(projectId: string): Promise<FlowIndex> {
    const known = this.#cache.get(projectId);
    if (known === undefined) return this.#read(this.#db, projectId);
    const gate = (await readGates(this.#db, projectId, [gateKeys.flows])).get(gateKeys.flows);
    return gate?.seq === known.seq ? known : this.#read(this.#db, projectId);
  }

  async #read(db: Db, projectId: string): Promise<FlowIndex> {
    const index = await readIndex(db, projectId);
    this.#cache.set(projectId, index);
    return index;
  }
}

interface Row {
  flow_id: string;
  flow_version_id: string;
  trigger: ActiveFlow['trigger'];
  steps: ActiveFlow['steps'];
  reentry: ActiveFlow['reentry'];
  cta_version: string | null;
  cta_text: string | null;
  cta_per_month: number | null;
  cta_programme: string | null;
}

async function readIndex(db: Db, projectId: string): Promise<FlowIndex> {
  // The gate before the flows: a flow that changes in between shows as a gate that moved.
  const seq = (await readGates(db, projectId, [gateKeys.flows])).get(gateKeys.flows)?.seq ?? 0;
  const { rows } = await sql<Row>`
    select f.id as flow_id, v.id as flow_version_id, v.trigger, v.steps, v.reentry,
           c.version as cta_version, c.text as cta_text, c.per_month as cta_per_month, c.programme as cta_programme
      from flow f
      join flow_version v on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.active_version
      left join lateral (
        select * from call_to_action c where c.project_id = f.project_id and c.flow_id = f.id
         order by c.published_at desc limit 1) c on true
     where f.project_id = ${projectId} and f.state = 'active' order by f.updated_at, f.id`.execute(db);
  return buildIndex(projectId, seq, rows.map(toFlow));
}

function toFlow(row: Row): ActiveFlow {
  return {
    flowId: row.flow_id,
    flowVersionId: row.flow_version_id,
    trigger: row.trigger,
    steps: row.steps,
    reentry: row.reentry,
    callToAction:
      row.cta_version === null
        ? null
        : {
            version: row.cta_version,
            text: row.cta_text ?? '',
            perMonth: row.cta_per_month ?? 1,
            programme: row.cta_programme ?? '',
          },
  };
}

function buildIndex(projectId: string, seq: number, flows: readonly ActiveFlow[]): FlowIndex {
  const byTrigger = Map.groupBy(flows, (flow) => flow.trigger.trigger);
  const keywordFlows = byTrigger.get('keyword') ?? [];
  const indexes = new Map<string | null, KeywordIndex<ActiveFlow>>();
  const indexOf = (connectionId: string | null) => {
    const listens = ({ trigger }: ActiveFlow) =>
      connectionId === null || (trigger.config['connectionId'] ?? connectionId) === connectionId;
    return createKeywordIndex(keywordFlows.filter(listens).flatMap(keywordsOf));
  };
  const byScope = new Map(
    flows.flatMap((flow) => scopesHeard(flow, projectId).map((scope) => [scope, flow])),
  );
  const matchers = new Map<string, SocialMatcher>();
  return {
    seq,
    flows,
    social(trigger) {
      let matcher = matchers.get(trigger);
      if (matcher === undefined) {
        matcher = createSocialMatcher(byTrigger.get(trigger) ?? []);
        matchers.set(trigger, matcher);
      }
      return matcher;
    },
    hearing: (type, subject) =>
      triggersOf(type).flatMap((trigger) => byScope.get(trigger.heardAt?.(subject, projectId) ?? '') ?? []),
    keywords(connectionId) {
      let index = indexes.get(connectionId);
      if (index === undefined) {
        index = indexOf(connectionId);
        indexes.set(connectionId, index);
      }
      return index;
    },
    byTrigger: (trigger) => byTrigger.get(trigger) ?? [],
  };
}

/** By type of event; a trigger that is matched by its words is not asked for a scope. */
const hearers = Map.groupBy(
  Object.values(triggers).flatMap((one) => {
    // As: only what asks for no config is called.
    const definition = one as unknown as TriggerDefinition<never>;
    return definition.heardAt === undefined
      ? []
      : definition.eventTypes.map((type) => ({ type, definition }));
  }),
  ({ type }) => type,
);

function triggersOf(type: string): TriggerDefinition<never>[] {
  return (hearers.get(type) ?? []).map(({ definition }) => definition);
}

function scopesHeard({ trigger }: ActiveFlow, projectId: string): string[] {
  // As: the trigger and its config passed this definition's schema when the flow was saved.
  return scopesOf(trigger as FlowTrigger, projectId).map(({ scope }) => scope);
}

function keywordsOf(flow: ActiveFlow) {
  const { keywords, match } = flow.trigger.config;
  const texts = Array.isArray(keywords) ? keywords.map(String) : [];
  return texts.flatMap((text) => {
    const parsed = parseKeyword(text);
    // As: the mode was validated by the trigger's schema when the flow was saved.
    return 'normalised' in parsed
      ? [{ normalised: parsed.normalised, match: match as MatchMode, value: flow }]
      : [];
  });
}
