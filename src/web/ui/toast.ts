import { notifications } from '@mantine/notifications';
import { t } from '../catalogue/index.ts';
import { wordsOf } from './problem.tsx';

const closeButtonProps = { 'aria-label': t.shell.close };

/** Says in a corner that something was done; goes away by itself. */
export function toast(message: string): void {
  notifications.show({ message, withBorder: true, closeButtonProps, color: 'ink', autoClose: 5_000 });
}

/** A refusal that has no better place to stand; stays until it is closed. */
export function toastProblem(error: unknown): void {
  notifications.show({
    message: wordsOf(error),
    withBorder: true,
    closeButtonProps,
    color: 'red',
    autoClose: false,
  });
}
