import { dayIn } from './local-time.ts';
import { day, losAngeles, type Json, type Stage } from './stage.ts';

/** The demo's release day, as its texts say it. */
export async function releaseDay(
  stage: Stage,
  releaseId = stage.demo['releaseId'] as string,
): Promise<string> {
  const { releaseAt } = await stage.api('GET', `/releases/${releaseId}`);
  return dayIn(new Date(String(releaseAt)), losAngeles);
}

/** Gives the demo's flow another release, so many days from now, and says which. */
export async function presaveLater(stage: Stage, days: number): Promise<{ releaseId: string; date: string }> {
  const releaseAt = new Date((await stage.now()).getTime() + days * day).toISOString();
  const release = await stage.api('POST', '/releases', {
    title: 'Slow Harbor',
    artistId: stage.demo['artistId'] as string,
    kind: 'album',
    releaseAt,
    services: [{ service: 'spotify', serviceId: '7Qn0vaReyesSlowHarborX' }],
  });
  const releaseId = String(release['id']);
  await stage.changeFlow((flow) => ({
    ...flow,
    steps: (flow['steps'] as Json[]).map((step) =>
      step['step'] === 'presave' ? { ...step, config: { releaseId } } : step,
    ),
  }));
  return { releaseId, date: dayIn(new Date(releaseAt), losAngeles) };
}
