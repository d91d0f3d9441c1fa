import { transaction, type Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import { route, type Caller, type Route } from '#lib/route.ts';
import { writeAudit } from './audit.ts';
import * as contract from './contract.ts';
import { createProject } from './create.ts';
import { createInvitation, listInvitations, revokeInvitation } from './invitations.ts';
import { addKey, endKey, listKeys } from './keys.ts';
import { listAudit } from './list-audit.ts';
import { changeRole, listMembers, removeMember, type Member } from './members.ts';
import { readOptOutScope, setOptOutScope } from './opt-out-scope.ts';
import { shownEmail } from './person-email.ts';
import type { ProjectFactsReader } from './project-facts.ts';
import { getProject, listProjects, updateProject } from './projects.ts';

export interface AccountDeps {
  db: Db;
  wall: WallClock;
  publicUrl: () => string;
  projects: Pick<ProjectFactsReader, 'forget'>;
}

export function accountRoutes(deps: AccountDeps): Route[] {
  const { db } = deps;
  return [
    route(contract.listProjects, ({ caller, query }) => listProjects(db, caller.accountId, query)),
    route(contract.createProject, async ({ caller, body }) => {
      const projectId = await addProject(db, caller, body);
      return getProject(db, caller, projectId);
    }),
    route(contract.getProject, ({ caller, params }) => getProject(db, caller, params.id)),
    route(contract.updateProject, async ({ caller, params, body }) => {
      const project = await updateProject(db, caller, params.id, body);
      deps.projects.forget(params.id);
      return project;
    }),
    route(contract.getOptOutScope, async ({ caller }) => ({
      scope: await readOptOutScope(db, caller.accountId),
    })),
    route(contract.setOptOutScope, async ({ caller, body }) => {
      await setOptOutScope(db, caller, body.scope);
      return body;
    }),
    ...memberRoutes(deps),
    route(contract.listKeys, ({ projectId, query }) => listKeys(db, projectId, query)),
    route(contract.createKey, ({ caller, body }) => addKey(db, caller, body)),
    route(contract.revokeKey, ({ caller, params }) => endKey(db, caller, params.id, deps.wall.now())),
    route(contract.listAudit, ({ caller, query }) => listAudit(db, caller, query)),
  ];
}

function memberRoutes({ db, wall, publicUrl }: AccountDeps): Route[] {
  return [
    route(contract.listMembers, async ({ caller }) => {
      const members = await listMembers(db, caller.accountId);
      return { items: members.map((member) => show(member, caller)) };
    }),
    route(contract.changeRole, async ({ caller, params, body }) =>
      show(await changeRole(db, caller, params.id, body.role), caller),
    ),
    route(contract.removeMember, ({ caller, params }) => removeMember(db, caller, params.id)),
    route(contract.listInvitations, async ({ caller }) => ({
      items: await listInvitations(db, caller.accountId, wall.now()),
    })),
    route(contract.createInvitation, async ({ caller, body }) => {
      const { token, ...invitation } = await createInvitation(db, caller, body, wall.now());
      // Behind #: no server, proxy or log on the way sees it.
      return { ...invitation, url: `${publicUrl()}/invitation#${token}` };
    }),
    route(contract.revokeInvitation, ({ caller, params }) =>
      revokeInvitation(db, caller, params.id, wall.now()),
    ),
  ];
}

function show(member: Member, { id }: Caller) {
  return { ...member, email: shownEmail(member.email), isYou: member.id === id };
}

async function addProject(
  db: Db,
  { accountId, actor }: Caller,
  { monthlyCap, allChannelsCap, answersUnmatched, ...wanted }: contract.NewProjectBody,
): Promise<string> {
  return transaction(db, async (tx) => {
    const { projectId } = await createProject(tx, { accountId, ...wanted });
    const set = {
      ...(monthlyCap !== undefined && { monthly_cap: monthlyCap }),
      ...(allChannelsCap !== undefined && { all_channels_cap: allChannelsCap }),
      ...(answersUnmatched !== undefined && { answers_unmatched: answersUnmatched }),
    };
    if (Object.keys(set).length > 0)
      await tx.updateTable('project').set(set).where('id', '=', projectId).execute();
    await writeAudit(tx, projectId, {
      actor,
      action: 'project.created',
      subject: `project:${projectId}`,
      after: wanted,
    });
    return projectId;
  });
}
