import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { previewFlowEmail, previewFlowText } from '#flows/editor/contract.ts';
import { keyOf, send, type ResponseOf } from '../../call.ts';
import { requestOf, type Draft } from './draft.ts';

type Door = typeof previewFlowText | typeof previewFlowEmail;

/** Asked for a moment after the last letter; what was shown stays until the next is there. */
export function useReadings<D extends Door>(door: D, draft: Draft, position: number) {
  const { trigger, steps } = requestOf(draft);
  const [wanted] = useDebouncedValue(JSON.stringify({ trigger, steps, position }), 300);
  // What cannot be saved cannot be shown either; its field says why.
  const body = useMemo(() => door.body?.safeParse(JSON.parse(wanted)), [door, wanted]);
  const answer = useQuery({
    queryKey: [...keyOf(door), wanted],
    // As: not asked for without a body, and each door answers in its own shape.
    queryFn: ({ signal }) => send(door, { body: body?.data as never }, signal) as Promise<ResponseOf<D>>,
    enabled: body?.success === true,
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
  return {
    // As: the shape of this very door.
    readings: (answer.data?.readings ?? []) as ResponseOf<D>['readings'],
    problem: answer.data?.problem ?? null,
    isFailed: answer.isError,
  };
}
