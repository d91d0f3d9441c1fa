import { Button } from '@mantine/core';
import { t } from '../catalogue/index.ts';
import { leave } from '../layout/sign-out.ts';
import { Doorway } from './doorway.tsx';

/** For who is signed in and has nowhere to go. */
export function NoProject() {
  return (
    <Doorway title={t.signIn.noProject} hint={t.signIn.noProjectWhy}>
      <Button onClick={() => void leave()}>{t.signIn.signOut}</Button>
    </Doorway>
  );
}
