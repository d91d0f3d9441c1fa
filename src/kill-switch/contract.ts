import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';

const sending = z.object({ isStopped: z.boolean() });

export const getSending = endpoint({
  method: 'GET',
  path: '/sending',
  summary: 'Whether all sending of this project is stopped',
  scope: 'read',
  permission: 'see',
  response: sending,
});

export const stopSending = endpoint({
  method: 'POST',
  path: '/sending/stop',
  summary:
    'Stop all texts, mails and direct messages of this project, on every process. When this answers, nothing is on its way any more; what waits is held. A repeat changes nothing',
  scope: 'write',
  permission: 'send',
  response: sending,
});

export const resumeSending = endpoint({
  method: 'POST',
  path: '/sending/resume',
  summary: 'Allow sending again; what is held and not too old yet goes out. A repeat changes nothing',
  scope: 'write',
  permission: 'settings',
  response: sending,
});
