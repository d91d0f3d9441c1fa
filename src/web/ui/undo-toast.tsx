import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { t } from '../catalogue/index.ts';
import { toastProblem } from './toast.ts';

/** Says that something was done, and offers to take it back: for what needs no question before. */
export function toastWithUndo(message: string, action: string, undo: () => Promise<unknown>): void {
  const id = notifications.show({
    message: (
      <>
        {message}{' '}
        <Button size="compact-sm" ml="xs" onClick={() => void takeBack()}>
          {action}
        </Button>
      </>
    ),
    withBorder: true,
    color: 'ink',
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': t.shell.close },
  });
  const takeBack = async () => {
    notifications.hide(id);
    try {
      await undo();
    } catch (error) {
      toastProblem(error);
    }
  };
}
