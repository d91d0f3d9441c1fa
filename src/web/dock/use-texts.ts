import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { textsAnswer, textSent } from '#sandbox/contract.ts';
import { askSandbox, useSandbox } from './sandbox-call.ts';

export type PhoneText = z.output<typeof textsAnswer>['items'][number];

const slowMs = 3_000;
const fastMs = 400;
/** So long after a text something is likely to come. */
const freshMs = 10_000;

/** The texts of one phone, oldest first, as the carrier has them, and a way to send one. */
export function useTexts(number: string, isShown: boolean) {
  const client = useQueryClient();
  const [sentAt, setSentAt] = useState<number | null>(null);
  const [leaving, setLeaving] = useState<string | null>(null);
  const isFresh = sentAt !== null;
  const path = `/phone/texts?number=${encodeURIComponent(number)}&limit=100`;
  const refetchInterval = isShown && (isFresh ? fastMs : slowMs);
  const list = useSandbox(textsAnswer, path, { refetchInterval });

  useEffect(() => {
    if (sentAt === null) return undefined;
    const timer = setTimeout(() => setSentAt(null), freshMs);
    return () => clearTimeout(timer);
  }, [sentAt]);

  /** Throws what the carrier or Segue said; the text is then still the person's. */
  const send = async (to: string, body: string) => {
    setLeaving(body);
    try {
      await askSandbox(textSent, '/phone/texts', { body: { from: number, to, body } });
    } finally {
      setSentAt(Date.now());
      await client.invalidateQueries({ queryKey: ['sandbox', path] });
      setLeaving(null);
    }
    void client.invalidateQueries();
  };

  return {
    items: list.data?.items.toReversed(),
    /** When the next text goes that is held back; null: none is. */
    waitsUntil: list.data?.waitsUntil ?? null,
    error: list.error,
    refetch: list.refetch,
    /** A text that is just leaving the phone. */
    leaving,
    /** Something was sent a moment ago. */
    isFresh,
    send,
  };
}

export type Texting = ReturnType<typeof useTexts>;
