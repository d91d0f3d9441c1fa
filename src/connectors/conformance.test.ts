import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeEmail } from './conformance-email.ts';
import { describeLookup } from './conformance-lookup.ts';
import { describeSms } from './conformance-sms.ts';
import { describeSocial } from './conformance-social.ts';
import { describeStreaming } from './conformance-streaming.ts';
import type { CatalogueFake, EmailFake, Fake, SmsFake, SocialFake, StreamingFake } from './connector.ts';
import { connectors } from './index.ts';
import { connectorServers, fakes } from './server.ts';

/** One suite over every connector: what the host relies on without knowing any provider. */
describe.each(connectors.map(({ id }) => id))('%s', (id) => {
  const server = connectorServers[id];

  it('has one id in folder, list and definition, and comes with help and a picture', () => {
    expect(server.definition.id).toBe(id);
    const missing = ['README.md', 'icon.svg'].filter(
      (file) => !existsSync(new URL(`./${id}/${file}`, import.meta.url)),
    );
    expect(missing).toEqual([]);
  });

  it('names as secret only settings that exist', () => {
    const names = Object.keys(server.definition.settings.shape);
    expect(names).toEqual(expect.arrayContaining([...server.definition.secretSettings]));
  });
});

for (const { id } of connectors) {
  describeStreaming(connectorServers[id], (options) => toStreamingFake(fakes[id](options)));
  describeLookup(connectorServers[id], (options) => toCatalogueFake(fakes[id](options)));
  describeSms(connectorServers[id], (options) => toSmsFake(fakes[id](options)));
  describeEmail(connectorServers[id], (options) => toEmailFake(fakes[id](options)));
  describeSocial(connectorServers[id], (options) => toSocialFake(fakes[id](options)));
}

function toStreamingFake(fake: Fake): StreamingFake {
  if (!('library' in fake)) throw new Error('a streaming connector needs a streaming fake');
  // `library` is the mark of a streaming fake.
  return fake as StreamingFake;
}

function toCatalogueFake(fake: Fake): CatalogueFake {
  if (!('addWork' in fake)) throw new Error('a connector that is looked up needs a fake with a catalogue');
  // `addWork` is the mark of a fake with a catalogue.
  return fake as CatalogueFake;
}

function toSmsFake(fake: Fake): SmsFake {
  if (!('receiveText' in fake)) throw new Error('an SMS connector needs an SMS fake');
  // `receiveText` is the mark of an SMS fake.
  return fake as SmsFake;
}

function toEmailFake(fake: Fake): EmailFake {
  if (!('mails' in fake)) throw new Error('an e-mail connector needs an e-mail fake');
  // `mails` is the mark of an e-mail fake.
  return fake as EmailFake;
}

function toSocialFake(fake: Fake): SocialFake {
  if (!('receiveComment' in fake)) throw new Error('a social connector needs a social fake');
  // `receiveComment` is the mark of a social fake.
  return fake as SocialFake;
}
