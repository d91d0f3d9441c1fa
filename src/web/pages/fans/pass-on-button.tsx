import { Button } from '@mantine/core';
import { getFan, listFans, listFanTimeline } from '#fans/contract.ts';
import { passOnNumber } from '#messages/contract.ts';
import { useAction } from '../../call.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { toast } from '../../ui/toast.ts';
import type { Fan } from './fan-words.ts';

const changes = [getFan, listFans, listFanTimeline];

/** For a number that a carrier gave to somebody else. */
export function PassOnButton({ fan, phone }: { fan: Fan; phone: string }) {
  const confirm = useConfirm();
  const pass = useAction(passOnNumber, { changes });
  const may = useMay('edit');
  if (!may) return null;
  const ask = async () => {
    const isDone = await confirm({
      title: t.fans.passOn.title(phoneNumber(phone)),
      text: t.fans.passOn.text,
      action: t.fans.passOn.action,
      isDestructive: true,
      run: () => pass.mutateAsync({ params: { id: fan.id } }),
    });
    if (isDone) toast(t.fans.passOn.done);
  };
  return (
    <Button size="compact-sm" variant="subtle" color="ink" onClick={() => void ask()}>
      {t.fans.passOn.action}
    </Button>
  );
}
