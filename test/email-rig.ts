import { expect } from 'vitest';
import { sql } from 'kysely';
import type { EmailFake } from '#connectors/connector.ts';
import type { ConnectorId } from '#connectors/index.ts';
import { connectorServers, fakes } from '#connectors/server.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFake } from '#connectors/testing/serve-fake.ts';
import { newId } from '#lib/ids.ts';
import { loadEmailLayout } from '#messages/email/layout.ts';
import type { createMessagingRig, Stage } from './messaging-rig.ts';

type Rig = Awaited<ReturnType<typeof createMessagingRig>>;
export type EmailConnector = Extract<ConnectorId, 'smtp' | 'amazon-ses' | 'postmark' | 'resend'>;
/** Every e-mail fake of ours can lose an answer, with the call carried out or not. */
export type TestFake = EmailFake & { setLostAnswer(what: 'carried_out' | 'not_carried_out'): void };

let fansTaken = 0;

/** E-mail on a stage: a provider's fake over a socket, its webhooks told to Segue, and fans with addresses. */
export async function addEmail(rig: Rig, stage: Stage, connector: EmailConnector = 'postmark') {
  const { first } = rig;
  // Made once a process, in longer than a lease of the rig lasts on a loaded machine.
  await loadEmailLayout();
  let webhookUrl = '';
  let ownUrl = '';
  const fake: TestFake = fakes[connector]({
    store: createMemoryStore(),
    now: stage.now,
    webhookUrl: () => webhookUrl,
    ownUrl: () => ownUrl,
    async deliver(request) {
      const { status, text } = await rig.http({ method: 'POST', ...request });
      return { status, body: text };
    },
  });
  const served = await serveFake(connectorServers[connector].definition, fake);
  ownUrl = served.url;
  rig.closing.push(() => served.close());
  const { id: connectionId } = await first.connections.createConnection({
    accountId: stage.accountId,
    connector,
    label: 'Mail',
    isLive: false,
    settings: fake.connectionSettings(),
  });
  webhookUrl = `${first.url}/webhooks/${connector}/${connectionId}`;
  rig.fakeUrls.set(connectionId, served.url);
  for (const id of stage.projectIds)
    await first.connections.lendConnection(stage.accountId, connectionId, id);
  await sql`
    update project set postal_address = '1 Main St, Springfield' where id = any(${stage.projectIds})`.execute(
    rig.db,
  );

  return {
    fake,
    connectionId,
    address: String(fake.connectionSettings()['fromAddress']),

    /** A fan with a number and an address, who agreed to mails unless said. */
    async fan(change: { local?: string; agrees?: boolean } = {}) {
      const n = ++fansTaken;
      const email = `${change.local ?? 'maya'}+${n}@fans.example`;
      const phone = `+1212556${String(1_000 + n)}`;
      const consent = {
        text: 'Yes, send me mails.',
        version: 'v1',
        obtainedAt: stage.now().toISOString(),
        method: 'web form',
        sourceUrl: 'https://luna.example/mails',
        claimedBy: 'person:1',
      };
      const agrees = change.agrees ?? true;
      const { fanId } = await first.accept(stage.projectId, {
        source: 'api',
        key: newId(),
        type: agrees ? 'email.opted_in' : 'artist.followed',
        fingerprint: '',
        occurredAt: stage.now(),
        payload: {
          api: {
            type: agrees ? 'email.opted_in' : 'artist.followed',
            fan: { phone, email },
            subject: agrees ? {} : { artistId: newId() },
            consent: agrees ? consent : null,
          },
        },
      });
      if (fanId === null) throw new Error('the event made no fan');
      return { fanId, email, phone };
    },

    /** Starts a flow for a fan, and waits until everything that follows at once has followed. */
    async start(phone: string, keyword: string) {
      const result = await stage.byApi(phone, keyword);
      await fake.settled();
      await stage.settled();
      return result;
    },

    async mails(address: string) {
      await fake.settled();
      return fake.mails({ address });
    },

    /** `live` or `ended by WORD`, oldest first. */
    consents: (email: string) => stage.consents(email),

    async suppression(email: string) {
      const { rows } = await sql<{ reason: string }>`
        select reason from suppression where project_id = ${stage.projectId} and address = ${email}`.execute(
        rig.db,
      );
      return rows[0]?.reason ?? null;
    },

    /** The one-click header's address, as a mail program reads it. */
    async unsubscribeUrl(address: string) {
      const [mail] = await fake.mails({ address });
      const header = Object.entries(mail?.headers ?? {}).find(
        ([name]) => name.toLowerCase() === 'list-unsubscribe',
      );
      expect(header?.[1]).toMatch(/^<http.*>$/);
      return header?.[1].slice(1, -1) ?? '';
    },
  };
}

export const emailStep = (change: Record<string, unknown> = {}) => ({
  step: 'send-email',
  config: { subject: 'Nightglass is out', body: 'Hi {{ fan.name | default: "friend" }}', ...change },
});
