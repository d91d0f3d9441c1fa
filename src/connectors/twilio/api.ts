import { z } from 'zod';
import { RetryLater, Unsure } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import type { CallOptions, ClientOptions, DeliveryStatus, SentText } from '../connector.ts';
import type { TwilioSettings } from './connector.ts';
import { classifyTwilioAnswer, classifyTwilioFailure } from './errors.ts';

const publicBaseUrl = 'https://api.twilio.com';

/** The fields of a Message resource that are read; Twilio adds new ones without notice. */
const messageSchema = z.object({
  sid: z.string().min(1),
  status: z.string(),
  direction: z.string().nullish(),
  from: z.string().nullish(),
  to: z.string().nullish(),
  body: z.string().nullish(),
  num_segments: z.string().nullish(),
  num_media: z.string().nullish(),
  date_created: z.string().nullish(),
});
export type TwilioMessage = z.infer<typeof messageSchema>;

const pageSchema = z.object({
  messages: z.array(messageSchema),
  next_page_uri: z.string().nullish(),
});

const deliveryStatuses: Record<string, DeliveryStatus> = {
  accepted: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  // Some parts arrived: more than sent would promise too much.
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

/** Twilio's word as ours; undefined for one that says nothing about a text we sent. */
export function toDeliveryStatus(status: string): DeliveryStatus | undefined {
  return Object.hasOwn(deliveryStatuses, status) ? deliveryStatuses[status] : undefined;
}

export function toSentText(message: TwilioMessage): SentText {
  const parts = Number(message.num_segments ?? 0);
  return {
    providerId: message.sid,
    status: toDeliveryStatus(message.status) ?? 'queued',
    // A Messaging Service says 0 until it has chosen the sender.
    parts: Number.isInteger(parts) && parts > 0 ? parts : null,
  };
}

/** When Twilio created it, to the second; undefined where it does not say. */
export function createdAt(message: TwilioMessage): Date | undefined {
  const at = Date.parse(message.date_created ?? '');
  return Number.isNaN(at) ? undefined : new Date(at);
}

/** The Messages resource of one account, as Twilio words it: errors already classed. */
export interface TwilioApi {
  create(form: Record<string, string>, call?: Omit<CallOptions, 'key'>): Promise<TwilioMessage>;
  /** Pages of the list, newest first, until the caller stops asking. */
  pages(query: Record<string, string>): AsyncGenerator<TwilioMessage[]>;
}

export function createTwilioApi(options: ClientOptions, settings: TwilioSettings): TwilioApi {
  const baseUrl = (options.baseUrl ?? publicBaseUrl).replace(/\/+$/, '');
  const listPath = `/2010-04-01/Accounts/${settings.accountSid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')}`;

  async function getPage(path: string): Promise<z.infer<typeof pageSchema>> {
    const response = await classed('harmless', () =>
      options.http({
        method: 'GET',
        url: baseUrl + path,
        headers: { authorization, accept: 'application/json' },
      }),
    );
    const page = pageSchema.safeParse(parseJson(response.text));
    if (page.success) return page.data;
    throw new RetryLater('Twilio answered the list of messages with something unreadable.');
  }

  return {
    async create(form, { signal, mayLeave } = {}) {
      const response = await classed('once', () =>
        options.http({
          method: 'POST',
          url: baseUrl + listPath,
          headers: {
            authorization,
            accept: 'application/json',
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: new URLSearchParams(form).toString(),
          signal,
          mayLeave,
        }),
      );
      const message = messageSchema.safeParse(parseJson(response.text));
      if (message.success) return message.data;
      throw new Unsure('Twilio took the text but its answer is unreadable.');
    },

    async *pages(query) {
      let path: string | null | undefined = `${listPath}?${new URLSearchParams(query).toString()}`;
      while (path) {
        const page = await getPage(path);
        yield page.messages;
        path = page.next_page_uri;
        // Anything but our own list could send the credentials elsewhere ("@other.host/…").
        if (path && !path.startsWith(`${listPath}?`)) {
          throw new RetryLater('Twilio named a next page outside the list of messages.');
        }
      }
    },
  };
}

async function classed(
  repeat: 'once' | 'harmless',
  call: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  let response: HttpResponse;
  try {
    response = await call();
  } catch (error) {
    throw classifyTwilioFailure(error, repeat);
  }
  if (response.status >= 200 && response.status < 300) return response;
  throw classifyTwilioAnswer(response, repeat);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
