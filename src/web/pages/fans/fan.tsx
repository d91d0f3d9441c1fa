import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useParams } from 'react-router';
import { getFan } from '#fans/contract.ts';
import { useRead } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { countryName, languageName } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { Columns } from '../../ui/columns.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Agreements } from './agreements.tsx';
import { Day } from './day.tsx';
import { EditFan } from './edit-fan.tsx';
import { FanSegments } from './fan-segments.tsx';
import { FanData } from './fan-data.tsx';
import { fanName, type Fan } from './fan-words.ts';
import { Links } from './links.tsx';
import { Reach } from './reach.tsx';
import { Timeline } from './timeline.tsx';

/** One fan: who, how reachable, what allowed, what linked, then everything as one timeline. */
export function Component() {
  const { fanId = '' } = useParams();
  const fan = useRead(getFan, { params: { id: fanId } }, { refetchInterval: everyMs.watched });
  if (fan.data !== undefined) return <FanPage key={fanId} fan={fan.data} />;
  return (
    <Page title={t.fans.one} of={t.fans.title}>
      {fan.isError ? (
        <Problem error={fan.error} again={() => void fan.refetch()} />
      ) : (
        <Columns side={<Loading lines={4} />}>{null}</Columns>
      )}
    </Page>
  );
}

function FanPage({ fan }: { fan: Fan }) {
  const [isEditing, setEditing] = useState(false);
  const may = useMay('edit');
  const name = fanName(fan);
  return (
    <Page
      title={name}
      of={t.fans.title}
      hint={
        <>
          {t.fans.firstSeen} <Day at={fan.createdAt} />
          {fan.country !== null && ` · ${countryName(fan.country)}`}
          {fan.language !== null && ` · ${t.fans.writtenIn(languageName(fan.language))}`}
        </>
      }
      actions={
        <Group gap="xs">
          {may && <Button onClick={() => setEditing(true)}>{t.fans.edit}</Button>}
          <FanData fan={fan} />
        </Group>
      }
    >
      <Columns
        side={
          <>
            <Reach fan={fan} />
            <Agreements fan={fan} />
            <Links fan={fan} />
            <FanSegments fan={fan} name={name} />
          </>
        }
      >
        <Timeline fanId={fan.id} />
      </Columns>
      <EditFan fan={fan} isOpen={isEditing} close={() => setEditing(false)} />
    </Page>
  );
}
