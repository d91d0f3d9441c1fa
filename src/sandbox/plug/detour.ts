import type { FakeOptions } from '#connectors/connector.ts';
import type { Http } from '#lib/http.ts';

type Deliver = FakeOptions['deliver'];

/**
 * As a load balancer before two processes: while it is on, webhooks of one connection go to the other
 * process, and to this one as soon as that does not answer.
 */
export interface Detour {
  deliver: Deliver;
  /** `to`: scheme and host of the other process; null ends it. */
  send(connectionId: string, to: string | null): void;
}

const timeoutMs = 15_000;

export function createDetour(direct: Deliver, http: Http, publicUrl: () => string): Detour {
  const others = new Map<string, string>();
  return {
    async deliver(call) {
      const other = others.get(new URL(call.url).pathname.split('/').at(-1) ?? '');
      if (other === undefined) return direct(call);
      const { headers, body } = call;
      const url = other + call.url.slice(publicUrl().length);
      try {
        const response = await http({ method: 'POST', url, headers, body, timeoutMs });
        return { status: response.status, body: response.text };
      } catch {
        // It died, perhaps after its commit: that text is then known here already.
        return direct(call);
      }
    },
    send(connectionId, to) {
      if (to === null) others.delete(connectionId);
      else others.set(connectionId, to);
    },
  };
}
