import { activateFlow } from '#flows/activate-flow.ts';
import { createFlow } from '#flows/save-flow.ts';
import { newId } from '#lib/ids.ts';
import type { DemoDeps } from './ensure-demo.ts';
import { demo } from './facts.ts';
import type { Once } from './store.ts';

const actor = { actor: 'demo' };

/** The artist's Instagram account, and the answer to a comment below the post that the sandbox shows. */
export async function ensureInstagram(
  { connections, fakes, flows }: DemoDeps,
  { accountId, projectId }: { accountId: string; projectId: string },
  once: Once,
): Promise<void> {
  const connectionId = await once('instagramConnectionId', async () => {
    // What any new fake of this provider takes: the connection, whose id names its own, is not there yet.
    const settings = (await fakes.open('instagram', newId())).connectionSettings();
    const account = { accountId, connector: 'instagram', label: 'Demo Instagram', isLive: false, settings };
    return (await connections.createConnection(account)).id;
  });
  await connections.lendConnection(accountId, connectionId, projectId);
  const flowId = await once('instagramFlowId', async () => {
    const text = `Thank you! ${demo.title} is one tap away: {{ links.connect }}`;
    const flow = {
      name: `Comment FERRY → “${demo.title}”`,
      trigger: {
        trigger: 'instagram-comment' as const,
        config: { on: 'keyword', keywords: ['FERRY'], match: 'contains', onlyFirst: false },
      },
      steps: [
        {
          step: 'send-instagram-dm' as const,
          config: { text },
          onUnmet: 'defer' as const,
          stopOnFailure: false,
        },
      ],
    };
    return (await createFlow(flows, projectId, flow, actor)).flowId;
  });
  await once('isInstagramStarted', async () => {
    await activateFlow(flows, projectId, flowId, actor);
    return true;
  });
}
