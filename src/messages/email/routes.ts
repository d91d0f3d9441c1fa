import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db } from '#db/database.ts';
import { route, type Caller, type Route } from '#lib/route.ts';
import * as contract from './contract.ts';
import { liftSuppression } from './end-email.ts';
import type { SenderDesk } from './sender-desk.ts';

export interface EmailRouteDeps {
  db: Db;
  senderDesk: SenderDesk;
}

export function emailRoutes({ db, senderDesk }: EmailRouteDeps): Route[] {
  const audit = ({ projectId, actor }: Caller, action: string, id: string, after?: object) =>
    writeAudit(db, projectId, { actor, action, subject: `connection:${id}`, ...(after && { after }) });
  return [
    route(contract.listEmailSenders, async ({ projectId }) => ({ items: await senderDesk.list(projectId) })),
    route(contract.checkEmailSender, async ({ projectId, params: { id } }) => {
      await senderDesk.check(projectId, id);
      return senderDesk.get(projectId, id);
    }),
    route(contract.resumeEmailSender, async ({ caller, projectId, params: { id } }) => {
      await senderDesk.resume(projectId, id);
      await audit(caller, 'sender.resumed', id);
      return senderDesk.get(projectId, id);
    }),
    route(contract.liftSuppression, async ({ caller: { actor }, projectId, body: { address } }) => {
      await transaction(db, async (tx) => {
        await liftSuppression(tx, projectId, address);
        const before = { reason: 'hard_bounce' };
        await writeAudit(tx, projectId, { actor, action: 'suppression.lifted', subject: 'address', before });
      });
      return { address };
    }),
    route(contract.updateEmailSender, async ({ caller, projectId, params: { id }, body }) => {
      await senderDesk.setWarmUp(projectId, id, body.warmUpPerDay);
      await audit(caller, 'sender.edited', id, body);
      return senderDesk.get(projectId, id);
    }),
  ];
}
