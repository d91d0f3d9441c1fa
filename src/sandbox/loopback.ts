import type { FakeOptions } from '#connectors/connector.ts';
import type { Http } from '#lib/http.ts';

export interface OwnAddresses {
  /** Scheme and host that links and signatures carry, no slash at the end. */
  publicUrl: () => string;
  /** Where this process listens, as this machine reaches it. */
  localUrl: () => string;
}

/**
 * An `Http` that reaches this very process without the world in between: what goes to the public
 * address is sent to the local one, everything else as it is. For clients of test connections,
 * whose fakes live here; a public address may not even resolve on this machine.
 */
export function createLoopback(http: Http, { publicUrl, localUrl }: OwnAddresses): Http {
  return (request) => {
    const own = publicUrl();
    const isOwn = request.url === own || request.url.startsWith(`${own}/`);
    return http(isOwn ? { ...request, url: localUrl() + request.url.slice(own.length) } : request);
  };
}

/** A provider's patience with a webhook. */
const webhookTimeoutMs = 15_000;

/**
 * How fakes call Segue: real HTTP to its own address and nowhere else, since the URL is whatever a
 * caller of the fake named.
 */
export function createDelivery(http: Http, addresses: OwnAddresses): FakeOptions['deliver'] {
  const loopback = createLoopback(http, addresses);
  return async ({ url, headers, body }) => {
    if (!url.startsWith(`${addresses.publicUrl()}/`))
      throw new Error('a fake calls nobody but the installation it is part of');
    const response = await loopback({ method: 'POST', url, headers, body, timeoutMs: webhookTimeoutMs });
    return { status: response.status, body: response.text };
  };
}
