import { Button, Group, Modal } from '@mantine/core';
import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from 'react';
import { t } from '../catalogue/index.ts';
import { Problem } from './problem.tsx';

export interface Question {
  title: string;
  /** What will happen, and whether it can be undone. */
  text: ReactNode;
  /** The word on the button: what it does, never “OK”. */
  action: string;
  /** Red button: something is lost. */
  isDestructive?: boolean;
  /** Done before the dialog closes; a refusal is shown in it, and nothing was done. */
  run?: () => Promise<unknown>;
  /** What leads out of a refusal: the way to what stands against it. Null: nothing does. */
  wayOut?: (error: unknown) => { label: string; go: () => void } | null;
}

type Ask = (question: Question) => Promise<boolean>;
const ConfirmContext = createContext<Ask>(() => Promise.resolve(false));

/**
 * Asks before something that cannot be taken back: `if (await confirm({…})) …`, or with `run` in the
 * question. True when it was confirmed (and done).
 */
export const useConfirm = () => useContext(ConfirmContext);

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [isOpen, setOpen] = useState(false);
  const answer = useRef<(yes: boolean) => void>(() => undefined);
  const ask = useCallback<Ask>((next) => {
    setQuestion(next);
    setOpen(true);
    return new Promise((resolve) => (answer.current = resolve));
  }, []);
  const close = (yes: boolean) => {
    setOpen(false);
    answer.current(yes);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      <Modal
        opened={isOpen}
        onClose={() => close(false)}
        title={question?.title}
        closeButtonProps={{ 'aria-label': t.shell.close }}
      >
        {question !== null && <Body key={question.title} question={question} close={close} />}
      </Modal>
    </ConfirmContext>
  );
}

function Body({ question, close }: { question: Question; close: (yes: boolean) => void }) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    try {
      await question.run?.();
      close(true);
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  };
  const wayOut = error === null ? null : question.wayOut?.(error);
  return (
    <>
      <div>{question.text}</div>
      {error !== null && (
        <Problem error={error}>
          {wayOut != null && (
            <Button
              size="compact-sm"
              onClick={() => {
                close(false);
                wayOut.go();
              }}
            >
              {wayOut.label}
            </Button>
          )}
        </Problem>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={() => close(false)} data-autofocus>
          {t.shell.cancel}
        </Button>
        <Button
          variant="filled"
          color={question.isDestructive === true ? 'red' : 'ink'}
          loading={isBusy}
          onClick={() => void run()}
        >
          {question.action}
        </Button>
      </Group>
    </>
  );
}
