import type { getConnectionLoad } from '#connections/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { listOf, number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { Fact } from '../../ui/section.tsx';
import { Moment } from '../../ui/times.tsx';

export type ConnectionLoad = ResponseOf<typeof getConnectionLoad>;

const words = t.connections;

/** How busy a connection is and what is left of what its provider allows, as facts beside its health. */
export function Load({ load }: { load: ConnectionLoad }) {
  const { waiting, pause, links, namedTesters, allowances } = load;
  return (
    <>
      <Fact name={words.waiting}>{waiting === 0 ? words.nothingWaits : words.waitingCount(waiting)}</Fact>
      {pause !== null && (
        <Fact name={words.pause}>
          {words.until} <Moment at={pause.until} />
          {pause.reason !== '' && `: ${pause.reason}`}
        </Fact>
      )}
      {links !== null && <Fact name={words.links}>{linksIn(links)}</Fact>}
      {namedTesters !== null && (
        <Fact name={words.testers}>{namedTesters.length === 0 ? words.noTesters : listOf(namedTesters)}</Fact>
      )}
      {allowances.map(({ bucket, day, used, most }) => (
        <Fact key={bucket} name={words.allowance[bucket] ?? bucket}>
          {words.allowanceLeft(used, most, day)}
        </Fact>
      ))}
    </>
  );
}

/** `1,204 · 12 end within 30 days · 3 have ended`. */
function linksIn({ live, endingSoon, ended }: NonNullable<ConnectionLoad['links']>): string {
  if (live + ended === 0) return words.linksNone;
  return [
    number(live),
    ...(endingSoon > 0 ? [words.linksEnding(endingSoon)] : []),
    ...(ended > 0 ? [words.linksEnded(ended)] : []),
  ].join(' · ');
}
