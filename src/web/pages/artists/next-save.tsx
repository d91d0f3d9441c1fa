import type { getArtist } from '#releases/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { serviceLabel } from '../../service-label.ts';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { RelativeTime } from '../../ui/times.tsx';

type Artist = ResponseOf<typeof getArtist>;

/** Who wishes for what comes next, and when services were last asked whether something is out. */
export function NextSave({ artist: { nextSaveFans, watch } }: { artist: Artist }) {
  const words = t.artists.nextSave;
  return (
    <Section title={words.title}>
      <p style={{ margin: 0 }}>{nextSaveFans === 0 ? words.nobody : words.fans(nextSaveFans)}</p>
      {watch.length > 0 && (
        <Facts>
          {watch.map(({ service, lookedAt, nextLookAt, problem }) => (
            <Fact key={service} name={words.looked(serviceLabel(service))}>
              {lookedAt === null ? words.never : <RelativeTime at={lookedAt} />}
              {problem !== null && (
                <>
                  {' · '}
                  {problem}
                </>
              )}
              {nextLookAt !== null && (
                <small style={{ display: 'block', color: 'var(--soft)' }}>
                  {words.next} <RelativeTime at={nextLookAt} />
                </small>
              )}
            </Fact>
          ))}
        </Facts>
      )}
    </Section>
  );
}
