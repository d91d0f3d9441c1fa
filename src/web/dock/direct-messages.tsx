import { SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { directMessagesAnswer, socialSent } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { Problem } from '../ui/problem.tsx';
import { timeOfDay } from '../ui/time.ts';
import styles from './dock.module.css';
import { LinkedWords } from './linked-words.tsx';
import { SayField } from './say-field.tsx';
import { useSandbox, useTellSandbox } from './sandbox-call.ts';

const words = t.sandbox.social;
const writers = ['fan', 'artist'] as const;
type Writer = (typeof writers)[number];

interface DirectMessagesProps {
  fan: string;
  account: string;
  noteSent: () => void;
  openPage: (url: string) => void;
}

/** One conversation, as the fan sees it; a person can write on either side. */
export function DirectMessages({ fan, account, noteSent, openPage }: DirectMessagesProps) {
  const path = `/instagram/messages?fan=${encodeURIComponent(fan)}`;
  const messages = useSandbox(directMessagesAnswer, path, { refetchInterval: 800 });
  const write = useTellSandbox(socialSent, '/instagram/messages');
  const [by, setBy] = useState<Writer>('fan');
  const may = useMay('edit');
  const list = useRef<HTMLDivElement>(null);
  const shown = useRef(0);
  const items = messages.data?.items;
  const count = items?.length ?? 0;
  useEffect(() => {
    // Only for a new one: whoever reads further up stays there.
    if (shown.current === count || list.current === null) return;
    shown.current = count;
    list.current.scrollTop = list.current.scrollHeight;
  }, [count]);
  const send = async (text: string) => {
    await write.mutateAsync({ fan, text, by });
    noteSent();
  };
  return (
    <>
      {/* A list that scrolls is reached by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={list} className={styles.texts} role="log" aria-label={words.messagesOf(fan)} tabIndex={0}>
        {items === undefined && messages.isError && (
          <Problem error={messages.error} again={() => void messages.refetch()} />
        )}
        {items?.length === 0 && <p className={styles.quiet}>{words.noMessages}</p>}
        {items?.map(({ id, text, direction, commentId, at }) => (
          <div key={id} className={styles.bubble} data-from={direction === 'out' ? 'fan' : 'artist'}>
            <p>
              <LinkedWords words={text} openPage={openPage} />
            </p>
            <small>
              {timeOfDay(at)}
              {commentId !== null && ` · ${words.toComment}`}
            </small>
          </div>
        ))}
      </div>
      {may ? (
        <div className={styles.compose}>
          <SegmentedControl
            size="xs"
            mb="xs"
            aria-label={words.writer}
            value={by}
            onChange={(value) => setBy(writers.find((one) => one === value) ?? 'fan')}
            data={writers.map((value) => ({ value, label: words.writers[value](fan, account) }))}
          />
          <SayField
            label={by === 'fan' ? words.write : words.writeByHand}
            hints={by === 'fan' ? ['STOP', 'HUMAN'] : []}
            say={send}
          />
        </div>
      ) : (
        <p className={styles.quiet}>{t.sandbox.viewer}</p>
      )}
    </>
  );
}
