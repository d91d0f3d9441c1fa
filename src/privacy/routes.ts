import { writeAudit } from '#accounts/audit.ts';
import { parseEmail, parsePhone } from '#fans/parse-address.ts';
import { UserError } from '#lib/errors.ts';
import { route, type Route } from '#lib/route.ts';
import type { Sealer } from '#lib/seal.ts';
import * as contract from './contract.ts';
import { eraseFan, type EraseDeps } from './erase.ts';
import { packEvidence } from './evidence-pack.ts';
import { findEvidence } from './evidence.ts';
import { exportFan } from './export.ts';

export type PrivacyDeps = EraseDeps & { sealer: Sealer };

export function privacyRoutes(deps: PrivacyDeps): Route[] {
  const { db, sealer, clock } = deps;
  return [
    route(contract.exportFan, async ({ projectId, params: { id }, caller: { actor } }) => {
      const all = await exportFan(deps, projectId, id, clock.now(projectId));
      await writeAudit(db, projectId, { actor, action: 'fan.exported', subject: `fan:${id}` });
      return all;
    }),
    route(contract.packFanEvidence, async ({ projectId, params: { id }, caller: { actor } }) => {
      const pack = await packEvidence(deps, projectId, id, clock.now(projectId));
      await writeAudit(db, projectId, { actor, action: 'fan.evidence_taken', subject: `fan:${id}` });
      return pack;
    }),
    route(contract.eraseFan, async ({ projectId, params: { id }, caller: { actor } }) => {
      await eraseFan(deps, projectId, id, actor);
      return undefined;
    }),
    route(contract.readEvidence, async ({ projectId, body, caller: { actor } }) => {
      const { channel, reason } = body;
      const found = await findEvidence(db, sealer, projectId, channel, addressOf(body));
      // Asked for is written down, found or not; the address itself is not.
      const after = { channel, reason, found: found !== null };
      await writeAudit(db, projectId, { actor, action: 'evidence.read', subject: 'evidence', after });
      if (found === null) throw new UserError(404, 'not_found', 'Nothing is kept of this address.');
      return found;
    }),
  ];
}

/** As it is stored; what cannot be an address is kept of nobody. */
function addressOf({ channel, address }: { channel: string; address: string }): string {
  if (channel === 'sms') return parsePhone(address) ?? address;
  return channel === 'email' ? (parseEmail(address) ?? address) : address;
}
