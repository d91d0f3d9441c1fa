import { signOut } from '#people/contract.ts';
import { send } from '../call.ts';
import { outside } from '../paths.ts';
import { toastProblem } from '../ui/toast.ts';

/** Ends the session, and leaves with a full load: nothing that was read stays in this tab. */
export async function leave(): Promise<void> {
  try {
    await send(signOut);
    window.location.assign(outside.signIn());
  } catch (error) {
    toastProblem(error);
  }
}
