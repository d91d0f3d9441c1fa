import { useQueryClient } from '@tanstack/react-query';
import { t } from '../catalogue/index.ts';
import { noteSignedIn } from '../connection-state.ts';
import { outside } from '../paths.ts';
import { Doorway } from './doorway.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** In place of whatever was asked for: signing in leads there. */
export function SignedOut() {
  const client = useQueryClient();
  const goOn = () => {
    noteSignedIn();
    if (window.location.pathname === outside.signIn()) window.location.assign(outside.start());
    else void client.invalidateQueries();
  };
  return (
    <Doorway title={t.signIn.title} below={[t.signIn.how, t.signIn.forgotten]}>
      <SignInForm onDone={goOn} />
    </Doorway>
  );
}
