import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { cleanText, cutText } from '#lib/clean-text.ts';
import { HttpFailure } from '#lib/http.ts';
import type { Sealer } from '#lib/seal.ts';
import { PrivateAddress } from '#lib/public-address.ts';
import type { WebhookAttempt } from './contract.ts';
import { writePayload } from './payload.ts';
import { webhookHeaders } from './secrets.ts';
import type { Targets } from './target.ts';

export interface DeliverDeps {
  db: Db;
  sealer: Sealer;
  targets: Targets;
  now: () => Date;
}

/** One delivery in hand, with what its endpoint is like at the moment. */
export interface Taken {
  project_id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  attempt: number;
  created_at: Date;
  url: string;
  secret: Buffer;
  previous_secret: Buffer | null;
}

/** What an attempt came to. */
export interface Told {
  taken: Taken;
  attempt: WebhookAttempt;
  verdict: 'delivered' | 'again' | 'gone' | 'pointless';
  /** Seconds that the receiver asked to be left alone. */
  retryAfterSeconds: number | null;
}

/** As long as no answer can come in any more: then whoever took it is dead, and it is due again. */
const inHand = '60 seconds';

const answerKept = 300;
const longestRetryAfter = 24 * 3_600;

/**
 * Takes an endpoint's next due deliveries in hand. Two processes never take the same; what a process that
 * died had taken is due again after a minute, so that everything is told at least once.
 */
export async function takeDue(
  db: Db,
  projectId: string,
  endpointId: string,
  limit: number,
): Promise<Taken[]> {
  const { rows } = await sql<Taken>`
    with due as (
      select d.project_id, d.endpoint_id, d.event_id from webhook_delivery d
       where d.project_id = ${projectId} and d.endpoint_id = ${endpointId} and d.state = 'open' and d.due_at <= now()
       order by d.due_at limit ${limit} for update skip locked
    )
    update webhook_delivery d
       set attempt = d.attempt + 1, due_at = now() + ${sql.lit(inHand)}::interval
      from due, webhook_endpoint w
     where d.project_id = due.project_id and d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
       and w.project_id = d.project_id and w.id = d.endpoint_id and w.disabled_at is null
    returning d.project_id, d.endpoint_id, d.event_id, d.type, d.attempt, d.created_at, w.url, w.secret,
              case when w.previous_until > now() then w.previous_secret end as previous_secret`.execute(db);
  return rows;
}

/** Makes one attempt. Never throws for what the receiver does. */
export async function tell({ db, sealer, targets, now }: DeliverDeps, taken: Taken): Promise<Told> {
  const started = now();
  const done = (part: Partial<WebhookAttempt>, verdict: Told['verdict'], retryAfter?: string): Told => ({
    taken,
    verdict,
    retryAfterSeconds: readRetryAfter(retryAfter, now()),
    attempt: {
      at: started.toISOString(),
      ms: now().getTime() - started.getTime(),
      status: null,
      error: null,
      answer: '',
      ...part,
    },
  });
  const { project_id: projectId, event_id: eventId, type, created_at: createdAt } = taken;
  const body = await writePayload(db, projectId, { eventId, type, createdAt });
  if (body === null) return done({ error: 'What it told of is no longer kept.' }, 'pointless');
  const secrets = [taken.secret, taken.previous_secret].flatMap((one) => one ?? []);
  try {
    const response = await targets.send({
      method: 'POST',
      url: taken.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Segue-Webhooks/1',
        ...webhookHeaders(
          secrets.map((one) => sealer.unseal(one)),
          { id: eventId, body, at: started },
        ),
      },
      body,
    });
    const { status } = response;
    const answer = cleanText(cutText(response.text, answerKept));
    return done({ status, answer }, judge(status), response.header('retry-after'));
  } catch (error) {
    return done({ error: sayFailure(error) }, 'again');
  }
}

/** 2xx is the only success; a redirect is not followed, since it could lead anywhere. */
function judge(status: number): Told['verdict'] {
  if (status >= 200 && status < 300) return 'delivered';
  return status === 410 ? 'gone' : 'again';
}

function sayFailure(error: unknown): string {
  const cause = error instanceof HttpFailure && error.cause instanceof PrivateAddress ? error.cause : error;
  if (cause instanceof PrivateAddress) return `Refused: ${cause.message}.`;
  if (error instanceof HttpFailure) return error.message;
  throw error;
}

/** Seconds or a date (RFC 9110), a day at most; null: none, or nonsense. */
function readRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return seconds > 0 ? Math.min(Math.ceil(seconds), longestRetryAfter) : null;
}
