import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { LruCache } from '#lib/lru-cache.ts';

/** What work asks about its project. */
export interface ProjectFacts {
  id: string;
  accountId: string;
  name: string;
  slug: string;
  isLive: boolean;
  programme: string;
  legalSender: string;
  contact: string;
  /** Stands in every mail (R113). */
  postalAddress: string;
  zone: string;
  /** ISO codes that texts may go to; empty: those of its senders (R127). */
  countries: readonly string[];
  /** Texts in a rolling month (R48). */
  monthlyCap: number;
  /** Texts and mails together; null: each channel's own limit is enough. */
  allChannelsCap: number | null;
  answersUnmatched: boolean;
  /** Credits of one text part by country, where the account's own price is not the list's (R80). */
  textPrices: Readonly<Record<string, number>>;
}

export interface ProjectFactsReader {
  /** Undefined: no such project. At most a second old; what must be exact has a gate. */
  find(projectId: string): Promise<ProjectFacts | undefined>;
  /** Forgets what it knows of a project: after a change in this process. */
  forget(projectId: string): void;
}

const freshMs = 1_000;

export function createProjectFacts(db: Db): ProjectFactsReader {
  const cache = new LruCache<string, { readAtMs: number; facts: Promise<ProjectFacts | undefined> }>(10_000);
  const stale = new Set<string>();
  return {
    async find(projectId) {
      const nowMs = performance.now();
      const known = cache.getOrMake(projectId, () => ({
        readAtMs: nowMs,
        facts: readProject(db, projectId),
      }));
      if (nowMs - known.readAtMs > freshMs || stale.delete(projectId)) {
        known.readAtMs = nowMs;
        known.facts = readProject(db, projectId);
        // A failed read must not be the answer for a second.
        known.facts.catch(() => stale.add(projectId));
      }
      return known.facts;
    },
    forget: (projectId) => void stale.add(projectId),
  };
}

async function readProject(db: Db, projectId: string): Promise<ProjectFacts | undefined> {
  const { rows } = await sql<ProjectFacts>`
    select id, account_id as "accountId", name, slug, is_live as "isLive", programme,
           legal_sender as "legalSender", contact, postal_address as "postalAddress", zone, countries,
           monthly_cap as "monthlyCap", all_channels_cap as "allChannelsCap",
           answers_unmatched as "answersUnmatched", ${textPrices} as "textPrices"
      from project where id = ${projectId}`.execute(db);
  return rows[0];
}

/** Of the account of a project, in a query on `project`. */
export const textPrices = sql<ProjectFacts['textPrices']>`(
  select coalesce(json_object_agg(t.country, t.credits), '{}') from text_price t
   where t.account_id = project.account_id)`;
