import { Button } from '@mantine/core';
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
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { toastProblem } from '../../ui/toast.ts';
import { toastWithUndo } from '../../ui/undo-toast.tsx';
import { fanName, type Fan } from '../fans/fan-words.ts';

const changes = [listSegmentFans, getSegment, listSegments, getFan, listFans, listFanTimeline];

/** Takes a fan out of a segment at once; the way back is offered beside the news. */
export function TakeOut({ fan, segmentId }: { fan: Fan; segmentId: string }) {
  const remove = useAction(removeFromSegment, { changes });
  const putBack = useAction(addToSegment, { changes });
  const name = fanName(fan);
  const params = { id: segmentId, fanId: fan.id };
  const run = async () => {
    try {
      await remove.mutateAsync({ params });
      toastWithUndo(t.segments.taken(name), t.segments.undo, () => putBack.mutateAsync({ params }));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={remove.isPending}
      aria-label={t.segments.takeOut(name)}
      onClick={() => void run()}
    >
      {t.segments.take}
    </Button>
  );
}
