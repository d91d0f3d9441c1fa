import { isIP } from 'node:net';
import { UserError } from '#lib/errors.ts';
import { createHttp, type Http } from '#lib/http.ts';
import { isPublicAddress, lookupPublic, PrivateAddress } from '#lib/public-address.ts';

/** Where webhooks may go (R91): to public https addresses, and to hosts that the operator named. */
export interface Targets {
  /** Throws 422 with what is wrong, for an address that somebody typed in. */
  check(url: string): void;
  /** Sends there; looks once more where the name leads. Throws `HttpFailure`. */
  send: Http;
  close(): Promise<void>;
}

const timeoutMs = 15_000;
/** Nobody needs a long answer. */
const maxBytes = 64 * 1024;

/** `privateHosts`: `host` or `host:port` that may be reached without TLS and in a private network. */
export function createTargets(privateHosts: ReadonlySet<string>): Targets {
  const settings = { connections: 8, maxBytes, defaultTimeoutMs: timeoutMs };
  const open = createHttp({ ...settings, lookup: lookupPublic });
  const named = createHttp(settings);
  const isNamed = (url: URL) => privateHosts.has(url.host) || privateHosts.has(url.hostname);
  return {
    check(text) {
      if (!URL.canParse(text)) throw invalid('Write it as https://example.com/hook.');
      const url = new URL(text);
      if (url.username !== '' || url.password !== '')
        throw invalid(
          'A name or password in the address would be readable by others: the signature proves us.',
        );
      if (isNamed(url) && ['http:', 'https:'].includes(url.protocol)) return;
      if (url.protocol !== 'https:') throw invalid('It must begin with https://.');
      if (isPrivateHost(url)) throw invalid('It leads into a private network.');
    },
    send: async (request) => {
      const url = new URL(request.url);
      if (isNamed(url)) return named(request);
      // A name is looked up by the connection; a bare address never is.
      if (isPrivateHost(url)) throw new PrivateAddress(`${url.hostname} leads into a private network`);
      return open(request);
    },
    close: async () => {
      await Promise.all([open.close(), named.close()]);
    },
  };
}

/** What is private without asking anybody. */
function isPrivateHost({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(bare) !== 0) return !isPublicAddress(bare);
  return !bare.includes('.') || /\.(local|localhost|internal|home\.arpa|lan)$/i.test(bare);
}

function invalid(message: string): UserError {
  return new UserError(422, 'invalid', `This address cannot be told anything. ${message}`, {
    errors: [{ path: 'url', code: 'bad_target', message }],
    rule: 'R91',
  });
}
