/** Child process: both providers of the burst over sockets, in memory, counting what reached them. */
import { createSpotifyFake } from '#connectors/spotify/fake.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch } from '#connectors/testing/serve.ts';
import { createTwilioFake } from '#connectors/twilio/fake.ts';

export type Ask =
  | { ask: 'number'; number: string }
  | { ask: 'grants'; users: string[] }
  | { ask: 'texts' }
  | { ask: 'busyMs' };

const now = () => new Date();
const deliver = () => Promise.resolve({ status: 200, body: '' });
// Rate and callbacks of the fakes are out of the way: the system is measured, not the carrier.
const twilio = createTwilioFake({ store: createMemoryStore(), now, deliver, callbacks: { mode: 'off' } });
const spotify = createSpotifyFake({ store: createMemoryStore(), now, deliver, callsPer30Seconds: null });
/** Time spent answering, as long as calls do not overlap. */
let busyMs = 0;
const timed = (fake: (request: Request) => Promise<Response>) => async (request: Request) => {
  const started = performance.now();
  const response = await fake(request);
  busyMs += performance.now() - started;
  return response;
};
const [sms, music] = await Promise.all([serveFetch(timed(twilio.fetch)), serveFetch(timed(spotify.fetch))]);

async function answer(question: Ask): Promise<unknown> {
  if (question.ask === 'number') return twilio.addNumber(question.number, null);
  if (question.ask === 'busyMs') return busyMs;
  if (question.ask === 'grants') {
    const scopes = ['user-library-modify', 'user-library-read', 'user-follow-modify', 'user-follow-read'];
    return Promise.all(question.users.map((user) => spotify.issueGrant(user, scopes, now())));
  }
  const seen = await twilio.texts({ direction: 'in' });
  return seen.map(({ to }) => to);
}

process.on('message', (message: { id: number; question: Ask }) => {
  answer(message.question).then(
    (value) => process.send?.({ id: message.id, value }),
    (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
  );
});
process.send?.({
  id: 0,
  value: { sms: sms.url, music: music.url, musicSettings: spotify.connectionSettings() },
});
