import type { Context } from 'hono';
import type { Connections } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import type { Sealer } from '#lib/seal.ts';
import type { SignUps } from '#messages/sign-up/sign-up.ts';
import type { CodeToSend } from '#messages/own-page-code.ts';
import type { EraseDeps } from '#privacy/erase.ts';
import type { EngineDoor } from '#runs/engine-door.ts';
import type { PageLink } from '#releases/connect-links.ts';
import type { WishEvent } from '#releases/page-wishes.ts';
import type { Streaming } from '#releases/streaming.ts';
import type { VisitCounter } from '#visits/visit-counter.ts';

export interface PagesDeps {
  db: Db;
  sealer: Sealer;
  connections: Connections;
  streaming: Pick<Streaming, 'grantAccess'>;
  clocks: DomainClock;
  wall: WallClock;
  log: Log;
  /** Scheme and host that fans reach, without a slash at the end. */
  publicUrl: () => string;
  /** What short links begin with. */
  shortUrl: () => string;
  /** Counts who opened what; absent: nobody counts. */
  visits?: Pick<VisitCounter, 'count'>;
  /** What the fan's own page asks of the engine and of others (R120); absent: there is no such page. */
  own?: OwnPageDeps;
  /** The box beside which a fan agrees to texts (R94); absent: no box anywhere. */
  consent?: ConsentBox;
  /** Sign-ups by form; absent: no form anywhere. */
  signUps?: SignUps;
  /** Keywords that a fan can text instead of filling in a form. */
  keywordsOf?: (projectId: string) => Promise<readonly string[]>;
  /** The visitor's network address, kept with a consent. */
  clientAddress?: (c: Context) => string | null;
  /** Raises what a fan did on her page, outside any run (R3). */
  raise?: (event: WishEvent) => Promise<void>;
  /** Why a service's sign-in cannot work inside other apps' browsers; null: it can (R121). */
  inAppRefusal?: (connector: string) => string | null;
}

export interface OwnPageDeps extends Pick<EngineDoor, 'cancelItems' | 'waitForWorkers'> {
  /** Resolves after the commit that holds the message. */
  sendCode: (to: CodeToSend) => Promise<void>;
  alsoErase?: EraseDeps['alsoErase'];
}

/**
 * What the box on this page says; null: no box. Only behind a link that was texted to the number: that
 * is what proves it (R94).
 */
export async function offerConsent(
  { consent }: Pick<PagesDeps, 'consent'>,
  { projectId, fanId, subject }: PageLink,
): Promise<{ text: string; version: string } | null> {
  if (consent === undefined || subject.isHandedOut) return null;
  return consent.offer({ projectId, fanId });
}

export interface ConsentBox {
  /** What the box says to this fan; null: nothing to ask (no number, consent there, no number of ours). */
  offer(fan: { projectId: string; fanId: string }): Promise<{ text: string; version: string } | null>;
  /** The fan ticked it: `text` is exactly what she was shown. */
  grant(given: {
    projectId: string;
    fanId: string;
    text: string;
    version: string;
    pageUrl: string;
    networkAddress: string | null;
    userAgent: string | null;
  }): Promise<void>;
}
