import type { Db } from '#db/database.ts';
import { writeMessage } from '#releases/message/store.ts';

/** What the demo's fans hear on release day (R110): one part each, with the name and the way out in it. */
const text = {
  saved: '{{ release.title }} is out, and in your library. Play it loud!',
  accepted: '{{ release.title }} is out and on its way to your library.',
  reminded: '{{ release.title }} is out now: {{ links.connect }}',
  failed: '{{ release.title }} is out, but your service did not take it. One tap: {{ links.connect }}',
};

export async function writeReleaseMessage(db: Db, projectId: string, releaseId: string): Promise<void> {
  await writeMessage(db, projectId, releaseId, { text, mail: null });
}
