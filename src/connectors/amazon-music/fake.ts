import type { Fake, FakeOptions } from '../connector.ts';
import { json } from '../kit/fake/answers.ts';
import { createShell } from '../kit/fake/shell.ts';

const closed = () => json({ message: 'Forbidden' }, 403);

/** What everybody outside the closed beta meets: a refusal, whatever is asked. */
export function createAmazonMusicFake({ now }: FakeOptions): Fake {
  return createShell({
    now,
    showsQuery: () => false,
    trouble: { rateLimited: closed, error: closed },
    answer: () => Promise.resolve(closed()),
  });
}
