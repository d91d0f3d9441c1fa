import { Pill } from '@mantine/core';
import { Link } from 'react-router';
import {
  addToSegment,
  getFan,
  getSegment,
  listFans,
  listFanTimeline,
  listSegmentFans,
  listSegments,
  removeFromSegment,
} from '#fans/contract.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { SegmentPicker } from '../../forms/segment-picker.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { wordsOf } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import styles from './fan.module.css';
import type { Fan } from './fan-words.ts';

const changes = [getFan, listFans, listFanTimeline, listSegments, getSegment, listSegmentFans];

/** Segments that the fan is in; added and taken out by hand. */
export function FanSegments({ fan, name }: { fan: Fan; name: string }) {
  const add = useAction(addToSegment, { changes });
  const may = useMay('edit');
  return (
    <Section title={t.fans.segments}>
      {fan.segments.length === 0 && <p className={styles.quiet}>{t.fans.noSegments}</p>}
      {fan.segments.length > 0 && (
        <ul className={styles.segments} aria-label={t.fans.segmentsOf(name)}>
          {fan.segments.map((segmentId) => (
            <SegmentPill key={segmentId} segmentId={segmentId} fanId={fan.id} mayRemove={may} />
          ))}
        </ul>
      )}
      {may && (
        <SegmentPicker
          label={t.fans.addSegment}
          value={null}
          onChange={(id) => {
            if (id !== null) add.mutate({ params: { id, fanId: fan.id } });
          }}
          isDisabled={add.isPending}
          error={add.error === null ? undefined : wordsOf(add.error)}
        />
      )}
    </Section>
  );
}

interface PillProps {
  segmentId: string;
  fanId: string;
  mayRemove: boolean;
}

function SegmentPill({ segmentId, fanId, mayRemove }: PillProps) {
  const { data } = useRead(getSegment, { params: { id: segmentId } });
  const leave = useAction(removeFromSegment, { changes });
  const name = data?.name ?? '…';
  const remove = async () => {
    try {
      await leave.mutateAsync({ params: { id: segmentId, fanId } });
      toast(t.fans.left(name));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <li>
      <Pill
        size="md"
        withRemoveButton={mayRemove}
        disabled={leave.isPending}
        onRemove={() => void remove()}
        removeButtonProps={{ 'aria-label': t.fans.leave(name), 'aria-hidden': false, tabIndex: 0 }}
      >
        <Link to={paths.segment(segmentId)}>{name}</Link>
      </Pill>
    </li>
  );
}
