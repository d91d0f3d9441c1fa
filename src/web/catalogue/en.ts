import { artists } from './en/artists.ts';
import { connections } from './en/connections.ts';
import { editor } from './en/editor.ts';
import { fans } from './en/fans.ts';
import { flows } from './en/flows.ts';
import { home } from './en/home.ts';
import { inbox } from './en/inbox.ts';
import { outcomes } from './en/outcomes.ts';
import { pages } from './en/pages.ts';
import { releases } from './en/releases.ts';
import { runs } from './en/runs.ts';
import { sandbox } from './en/sandbox.ts';
import { segments } from './en/segments.ts';
import { sending } from './en/sending.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';

/** Every sentence of the dashboard in English, a file a place. */
export const en = {
  shell,
  home,
  flows,
  editor,
  runs,
  outcomes,
  fans,
  segments,
  releases,
  pages,
  artists,
  inbox,
  connections,
  settings,
  sending,
  signIn,
  sandbox,
};
