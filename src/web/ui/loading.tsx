import { Skeleton, Stack } from '@mantine/core';
import { t } from '../catalogue/index.ts';

/** Lines where something will stand in a moment. */
export function Loading({ lines = 8 }: { lines?: number }) {
  return (
    <output aria-busy aria-label={t.shell.loading}>
      <Stack>
        {Array.from({ length: lines }, (_, line) => (
          <Skeleton key={line} height="2.2rem" />
        ))}
      </Stack>
    </output>
  );
}
