import { expect, test } from 'vitest';
import { composeText } from '#messages/compose.ts';
import { renewalWords } from './plan-renewal.ts';

const link = 'https://link.example/s/Ab3dEf6h1J';

test.each(['en', 'de', 'es', 'fr'])(
  'R103 a renewal is asked for in one part (%s): service, date, link',
  (language) => {
    for (const service of ['Spotify', 'YouTube Music', 'Apple Music']) {
      const body = renewalWords('Nova Reyes', service, '30 September', link, language);
      const sent = composeText({ programme: 'Nova Reyes', body, language, isOptOutDue: true });
      expect(sent.parts).toBe(1);
      for (const part of [service, '30 September', link]) expect(sent.text).toContain(part);
    }
  },
);
