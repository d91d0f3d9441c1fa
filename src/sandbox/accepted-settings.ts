import type { Fake, FakeStore } from '#connectors/connector.ts';
import { fakes } from '#connectors/server.ts';
import { systemClock } from '#lib/clock.ts';
import { isConnectorId } from './read-connections.ts';

/**
 * Settings that any new connection's fake will accept, to fill a form in with; null: the fake has none
 * of its own, or there is no such provider.
 */
export function acceptedSettings(connector: string): Record<string, unknown> | null {
  if (!isConnectorId(connector)) return null;
  // Only asked for its settings, so it may forget everything at once.
  const fake: Fake = fakes[connector]({
    store: forgetful,
    now: () => systemClock.now(),
    deliver: () => Promise.reject(new Error('this fake has nothing to tell')),
  });
  if (!('connectionSettings' in fake) || typeof fake.connectionSettings !== 'function') return null;
  // As: what every fake with settings of its own answers.
  return fake.connectionSettings() as Record<string, unknown>;
}

const forgetful: FakeStore = {
  append: () => Promise.resolve(),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  get: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
};
