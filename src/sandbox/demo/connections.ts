import { randomBytes } from 'node:crypto';
import { newId } from '#lib/ids.ts';
import { demo } from './facts.ts';
import type { DemoDeps } from './ensure-demo.ts';
import type { Once } from './store.ts';

/** The demo's number and its streaming app in extended mode, each with a fake of its own. */
export async function ensureConnections(
  { connections, fakes }: DemoDeps,
  { accountId, projectId }: { accountId: string; projectId: string },
  once: Once,
): Promise<{ smsConnectionId: string; streamingConnectionId: string }> {
  const smsConnectionId = await once('smsConnectionId', async () => {
    const settings = {
      accountSid: `AC${randomBytes(16).toString('hex')}`,
      authToken: randomBytes(16).toString('hex'),
      // Wide: on a morning of the sandbox nobody waits for the texts of hundreds of made-up fans.
      numbers: [{ number: demo.number, type: '10dlc', partsPerSecond: 50 }],
      optOutHandling: 'provider',
    };
    const sms = { accountId, connector: 'twilio', label: 'Demo number', isLive: false, settings };
    return (await connections.createConnection(sms)).id;
  });
  await connections.lendConnection(accountId, smsConnectionId, projectId);

  const streamingConnectionId = await once('streamingConnectionId', async () => {
    // What any new fake of this provider takes: the connection, whose id names its own, is not there yet.
    const settings = (await fakes.open('spotify', newId())).connectionSettings();
    const streaming = { accountId, connector: 'spotify', label: 'Demo app', isLive: false, settings };
    return (await connections.createConnection(streaming)).id;
  });
  await connections.lendConnection(accountId, streamingConnectionId, projectId);
  return { smsConnectionId, streamingConnectionId };
}
