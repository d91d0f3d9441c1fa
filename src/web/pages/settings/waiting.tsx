import { Skeleton, Stack } from '@mantine/core';
import { t } from '../../catalogue/index.ts';

/** Where a form will stand in a moment. */
export function Waiting() {
  return (
    <Stack gap="lg" maw="34rem" component="output" aria-busy aria-label={t.shell.loading}>
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height="2.6rem" />
      ))}
    </Stack>
  );
}
