import { createInstagramFake } from '#connectors/instagram/fake.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch } from '#connectors/testing/serve.ts';
import { sql } from 'kysely';
import { newId } from '#lib/ids.ts';
import type { createMessagingRig, Stage } from './messaging-rig.ts';

type Rig = Awaited<ReturnType<typeof createMessagingRig>>;

/** Instagram on a stage: the fake over a socket, its webhooks told to Segue. */
export async function addInstagram(rig: Rig, stage: Stage, projectIds = stage.projectIds) {
  const { first } = rig;
  let webhookUrl = '';
  const fake = createInstagramFake({
    store: createMemoryStore(),
    now: stage.now,
    webhookUrl: () => webhookUrl,
    async deliver(request) {
      const { status, text } = await rig.http({ method: 'POST', ...request });
      return { status, body: text };
    },
  });
  const served = await serveFetch((request) => fake.fetch(request));
  rig.closing.push(() => served.close());
  const { id: connectionId } = await first.connections.createConnection({
    accountId: stage.accountId,
    connector: 'instagram',
    label: 'Instagram',
    isLive: false,
    settings: fake.connectionSettings(),
  });
  webhookUrl = `${first.url}/webhooks/instagram/${connectionId}`;
  rig.fakeUrls.set(connectionId, served.url);
  for (const id of projectIds) await first.connections.lendConnection(stage.accountId, connectionId, id);

  return {
    fake,
    connectionId,
    webhookUrl,

    /** A fan writes, and everything that follows at once has followed. */
    async write(fan: string, text: string, id?: string) {
      const taken = await fake.receiveMessage({ fan, text, id });
      await stage.settled();
      await fake.settled();
      return taken;
    },

    async comment(fan: string, text: string, more: { postId?: string; id?: string } = {}) {
      const { postId = '17900000000000001', id } = more;
      const taken = await fake.receiveComment({ fan, postId, text, id });
      await stage.settled();
      await fake.settled();
      return taken;
    },

    /** What reached a fan, oldest first. */
    async inbox(fan: string) {
      const all = await fake.messages(fan);
      return all.filter(({ direction }) => direction === 'in').map(({ text }) => text);
    },

    /** By API, about a fan of this Instagram id. */
    event: (type: 'instagram.message' | 'instagram.comment', fan: string, subject: Record<string, string>) =>
      first.accept(stage.projectId, {
        source: 'api',
        key: newId(),
        type,
        fingerprint: '',
        occurredAt: stage.now(),
        payload: { api: { type, fan: { instagram: fan }, subject, consent: null } },
      }),

    async conversation() {
      const { rows } = await sql<{ silenced_until: Date | null; last_message_at: Date }>`
        select silenced_until, last_message_at from instagram_conversation
         where project_id = ${stage.projectId}`.execute(rig.db);
      return rows[0];
    },
  };
}

export const dmStep = (text: string, more: Record<string, unknown> = {}) => ({
  step: 'send-instagram-dm',
  config: { text, ...more },
});
