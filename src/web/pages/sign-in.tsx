import { t } from '../catalogue/index.ts';
import { Notice } from '../ui/notice.tsx';

export function SignedOut() {
  return <Notice title={t.signIn.signedOut} text={t.signIn.how} />;
}
