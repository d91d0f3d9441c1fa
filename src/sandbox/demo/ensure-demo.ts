import { createAccount, createProject } from '#accounts/create.ts';
import type { ConnectionStore } from '#connections/create-connections.ts';
import { transaction } from '#db/database.ts';
import { createSegment } from '#fans/segments.ts';
import { activateFlow } from '#flows/activate-flow.ts';
import type { FlowDeps } from '#flows/deps.ts';
import { createFlow } from '#flows/save-flow.ts';
import type { WallClock } from '#lib/clock.ts';
import type { Sealer } from '#lib/seal.ts';
import { createArtist } from '#releases/artists.ts';
import { createRelease } from '#releases/releases.ts';
import type { DemoAnswer } from '../contract.ts';
import type { SandboxFakes } from '../fakes.ts';
import { ensureDemoKey } from './api-key.ts';
import { ensureConnections } from './connections.ts';
import { ensureEmail } from './email.ts';
import { demo, demoFlow, demoPhones, freeUsers } from './facts.ts';
import { makeCovers } from './covers.ts';
import { ensureInstagram } from './instagram.ts';
import { makeLandingPage } from './landing-page.ts';
import { makeFans, makeFanWhoLeft } from './fans.ts';
import { releaseDay } from './release-day.ts';
import { writeReleaseMessage } from './release-message.ts';
import { writePast, type EngineTables } from './past/write-past.ts';
import { createOnce, noteDemo, readDemo, withDemoLock, type DemoFacts } from './store.ts';

export interface DemoDeps {
  flows: FlowDeps;
  connections: Pick<ConnectionStore, 'find' | 'createConnection' | 'lendConnection'>;
  fakes: SandboxFakes;
  sealer: Sealer;
  engine: EngineTables;
  wall: WallClock;
  /** `DEMO_API_KEY`; null: one is generated, and stays the same over starts. */
  apiKey: string | null;
  /** Six weeks of fans and runs before the first start; tests that count begin without. */
  hasPast: boolean;
}

export interface Demo extends DemoAnswer {
  accountId: string;
  smsConnectionId: string;
  streamingConnectionId: string;
  apiKey: string;
}

type Made = Omit<Demo, 'apiKey'>;

const actor = { actor: 'demo' };

/**
 * Makes the demo artist with number, release, flow and three fans, once an installation, and says
 * what there is. Called at every start: what is there stays as a person left it, what a start that
 * was cut short left out is made, and the number's webhook follows the public address. Safe under
 * two starts at once.
 */
export async function ensureDemo(deps: DemoDeps): Promise<Demo> {
  const { db } = deps.flows;
  return withDemoLock(db, async () => {
    const { facts } = await readDemo(db);
    const made = await makeMissing(deps, facts);
    // Whoever opens it first tells it what its account is, and where Segue is now.
    await deps.fakes.open('twilio', made.smsConnectionId);
    if (deps.hasPast) await makeShow(deps, made);
    const apiKey = await ensureDemoKey(deps, db, made.projectId);
    return { ...made, apiKey };
  });
}

async function makeMissing(deps: DemoDeps, facts: DemoFacts): Promise<Made> {
  const { flows, fakes } = deps;
  const { db, clock } = flows;
  const { accountId, projectId, slug } = await makeProject(deps, facts);
  const now = () => clock.now(projectId);

  const once = createOnce(db, facts);

  const { smsConnectionId, streamingConnectionId } = await ensureConnections(
    deps,
    { accountId, projectId },
    once,
  );
  const artistId = await once('artistId', async () => {
    const services = [{ service: 'spotify', serviceId: demo.spotify.artist }];
    return (await createArtist(db, projectId, { name: demo.artist, services }, now())).id;
  });
  const releaseId = await once('releaseId', async () => {
    const releaseAt = releaseDay(now());
    const player = await fakes.open('spotify', streamingConnectionId);
    await player.addWork({ ...demo.album, releaseAt: releaseAt.toISOString() });
    const { work, daysAhead } = demo.surprise;
    await player.addWork({ ...work, releaseAt: releaseDay(now(), daysAhead).toISOString() });
    const services = [{ service: 'spotify', serviceId: demo.spotify.album }];
    const release = { title: demo.title, artistId, kind: 'album', releaseAt, services } as const;
    return (await createRelease(db, projectId, release, now())).id;
  });
  const segmentId = await once(
    'segmentId',
    async () => (await createSegment(db, projectId, { name: demo.segment }, now())).id,
  );
  const flowId = await once('flowId', async () => {
    const ids = { connectionId: smsConnectionId, releaseId, artistId, segmentId };
    const flow = demoFlow(ids, `${flows.publicUrl()}/p/${slug}`);
    return (await createFlow(flows, projectId, flow, actor)).flowId;
  });
  // Once, so that a flow that a person paused stays paused over the next start.
  await once('isFlowStarted', async () => {
    await activateFlow(flows, projectId, flowId, actor);
    return true;
  });
  await once('haveFans', async () => {
    await makeFans(deps, { projectId, flowId, releaseId, artistId, smsConnectionId, streamingConnectionId });
    return true;
  });
  await once('landingPageId', () => makeLandingPage(deps, { projectId, releaseId, artistId, slug }));
  await ensureEmail(deps, { accountId, projectId }, once);
  if (deps.hasPast) {
    const connections = { smsConnectionId, streamingConnectionId };
    await once('hasPast', async () => {
      await writePast(
        deps,
        { projectId, artistId, releaseId, segmentId, flowId, slug, ...connections },
        once,
      );
      return true;
    });
  }
  const answer: DemoAnswer = {
    projectId,
    number: demo.number,
    keyword: demo.keyword,
    flowId,
    releaseId,
    artistId,
    segmentId,
    users: [...freeUsers, ...demoPhones.flatMap(({ user }) => user ?? [])].map((user) => ({
      connector: 'spotify',
      user,
    })),
    phones: [...demoPhones],
  };
  await noteDemo(db, answer);
  return { ...answer, accountId, smsConnectionId, streamingConnectionId };
}

/** What the first minutes show besides: covers, the words of release day, and somebody who texts STOP once
 * the number is there. */
async function makeShow(deps: DemoDeps, made: Made): Promise<void> {
  const { db } = deps.flows;
  const { facts } = await readDemo(db);
  const once = createOnce(db, facts);
  await ensureInstagram(deps, made, once);
  await once('hasFanWhoLeft', async () => {
    await makeFanWhoLeft(deps, made);
    return true;
  });
  await once('hasReleaseMessage', async () => {
    await writeReleaseMessage(db, made.projectId, made.releaseId);
    return true;
  });
  await once('hasCovers', async () => {
    await makeCovers(deps, made.projectId, { ferry: made.releaseId, lanterns: facts.pastReleaseId });
    return true;
  });
}

/** Account and project in one commit with the note of them: never two, however a start ends. */
async function makeProject({ flows }: DemoDeps, { accountId, projectId, slug }: DemoFacts) {
  if (accountId !== undefined && projectId !== undefined && slug !== undefined)
    return { accountId, projectId, slug };
  return transaction(flows.db, async (tx) => {
    const account = await createAccount(tx, { name: demo.artist });
    const project = await createProject(tx, {
      accountId: account.accountId,
      name: demo.artist,
      isLive: false,
      programme: demo.artist,
      legalSender: demo.legalSender,
      contact: demo.contact,
      postalAddress: demo.postalAddress,
      zone: demo.zone,
      countries: ['US'],
    });
    const made = { ...account, ...project };
    await noteDemo(tx, made);
    return made;
  });
}
