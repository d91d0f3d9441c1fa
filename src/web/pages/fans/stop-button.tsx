import { Button } from '@mantine/core';
import { getFan, listFans, listFanTimeline } from '#fans/contract.ts';
import { getHome } from '#home/contract.ts';
import { countInbox, listInbox, stopFan } from '#messages/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { toast } from '../../ui/toast.ts';
import { fanName, type Fan } from './fan-words.ts';

const changes = [getFan, listFans, listFanTimeline, listInbox, countInbox, getHome];

/** For a fan who asked by other means than a text or a link to be left alone. */
export function StopButton({ fan, channel }: { fan: Fan; channel: 'sms' | 'email' }) {
  const confirm = useConfirm();
  const stop = useAction(stopFan, { changes });
  const may = useMay('edit');
  if (!may) return null;
  const words = t.fans.stopByHand[channel];
  const ask = async () => {
    const isDone = await confirm({
      title: words.title(fanName(fan)),
      text: words.text,
      action: words.action,
      isDestructive: true,
      run: () => stop.mutateAsync({ params: { id: fan.id }, body: { channel } }),
    });
    if (isDone) toast(words.done);
  };
  return (
    <Button size="compact-sm" variant="subtle" color="ink" onClick={() => void ask()}>
      {words.action}
    </Button>
  );
}
