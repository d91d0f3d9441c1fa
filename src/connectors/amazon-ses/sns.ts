import { createVerify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Http } from '#lib/http.ts';
import { parseJson } from '../kit/email/once-calls.ts';

/** What Amazon SNS posts to a subscribed address: a notification, or the question whether it may. */
const envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
});
export type SnsEnvelope = z.infer<typeof envelope>;

export function readEnvelope(rawBody: Buffer): SnsEnvelope | undefined {
  return envelope.safeParse(parseJson(rawBody.toString('utf8'))).data;
}

/** The text that SNS signs: names and values, a line each, in the order of the names (docs.aws.amazon.com/sns). */
export function signedText(message: SnsEnvelope): string {
  const { Type, MessageId, TopicArn, Subject, Message, Timestamp, SubscribeURL, Token } = message;
  const isNotification = Type === 'Notification';
  const lines: [string, string | null | undefined][] = [
    ['Message', Message],
    ['MessageId', MessageId],
    ['Subject', isNotification ? Subject : undefined],
    ['SubscribeURL', isNotification ? undefined : SubscribeURL],
    ['Timestamp', Timestamp],
    ['Token', isNotification ? undefined : Token],
    ['TopicArn', TopicArn],
    ['Type', Type],
  ];
  return lines.flatMap(([name, value]) => (value == null ? [] : [`${name}\n${value}\n`])).join('');
}

/** Few certificates are in use at a time; each is valid for months. */
const keptCertificates = 8;

/** Fetches SNS's certificates, each once, from Amazon alone. `hosts`: whether an address is such a place. */
export function createCertificates(http: Http, isAllowed: (url: string) => boolean) {
  const kept = new Map<string, Promise<X509Certificate>>();

  async function load(url: string): Promise<X509Certificate> {
    const { status, text } = await http({ method: 'GET', url, timeoutMs: 5_000 });
    if (status !== 200) throw new Error(`the certificate’s address answered ${status}`);
    return new X509Certificate(text);
  }

  return {
    /** Undefined: the address is not Amazon's, or nothing usable is there. */
    async find(url: string): Promise<X509Certificate | undefined> {
      if (!isAllowed(url)) return undefined;
      const found = kept.get(url) ?? load(url);
      kept.delete(url);
      kept.set(url, found);
      for (const oldest of kept.keys()) {
        if (kept.size <= keptCertificates) break;
        kept.delete(oldest);
      }
      try {
        return await found;
      } catch {
        // Asked again next time.
        kept.delete(url);
        return undefined;
      }
    },
  };
}

/** Version 1 signs with SHA-1, version 2 with SHA-256; the certificate must be valid at `now`. */
export function isSigned(message: SnsEnvelope, certificate: X509Certificate, now: Date): boolean {
  if (now < certificate.validFromDate || now > certificate.validToDate) return false;
  const algorithm = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  try {
    return createVerify(algorithm)
      .update(signedText(message), 'utf8')
      .verify(certificate.publicKey, message.Signature, 'base64');
  } catch {
    return false;
  }
}
