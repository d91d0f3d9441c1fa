import { countInbox } from '#messages/contract.ts';
import { useRead } from '../call.ts';
import { everyMs } from '../every-ms.ts';

/** How many texts in the inbox wait for a person: unread ones, or doubts where those are more. */
export function useInboxCount(): number {
  const { data } = useRead(countInbox, {}, { refetchInterval: everyMs.aside });
  // A doubt may be read or not, so that the two cannot be added.
  return data === undefined ? 0 : Math.max(data.unread, data.doubts);
}
