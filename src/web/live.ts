import { useEffect, useRef, useState } from 'react';
import { pathOf, type CallInput, type Endpoint } from '#lib/endpoint.ts';
import { headers } from './call.ts';

const retryMs = [500, 1_000, 2_000, 5_000] as const;

/**
 * Server-sent events of `door` while the page is open, one call of `onEvent` each. A broken stream is
 * made again by itself. Returns whether it stands now, which is supposed of the first attempt until it
 * fails; `onReady` is called each time it begins to.
 */
export function useLive<E extends Endpoint>(
  door: E,
  input: CallInput<E>,
  { onEvent, onReady }: { onEvent: (name: string, data: unknown) => void; onReady?: () => void },
): boolean {
  const [isLive, setLive] = useState(true);
  const path = pathOf(door, input.params, input.query);
  const handlers = useRef({ onEvent, onReady });
  useEffect(() => {
    handlers.current = { onEvent, onReady };
  });
  useEffect(() => {
    const ending = new AbortController();
    void follow(
      path,
      ending.signal,
      (name, data) => {
        if (name === 'ready') {
          setLive(true);
          handlers.current.onReady?.();
        } else if (name !== 'ping') handlers.current.onEvent(name, data);
      },
      () => setLive(false),
    );
    return () => ending.abort();
  }, [path]);
  return isLive;
}

async function follow(
  path: string,
  signal: AbortSignal,
  tell: (name: string, data: unknown) => void,
  onBroken: () => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const response = await fetch(path, { headers: headers(), signal });
      if (response.ok && response.body !== null) {
        for await (const { name, data } of eventsOf(response.body)) {
          failures = 0;
          tell(name, data);
        }
      }
    } catch {
      // No connection, or the page is left: the loop knows which.
    }
    if (signal.aborted) return;
    onBroken();
    await new Promise((resolve) => setTimeout(resolve, retryMs[Math.min(failures, 3)]));
  }
}

/** The format of server-sent events, as our own server writes it: `event:` and one line of `data:`. */
async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  let text = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const name = /^event: ?(.*)$/m.exec(block)?.[1];
      const data = /^data: ?(.*)$/m.exec(block)?.[1];
      if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) as unknown };
    }
  }
}
