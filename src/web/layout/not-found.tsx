import { Button } from '@mantine/core';
import { useRouteError } from 'react-router';
import { t } from '../catalogue/index.ts';
import { outside } from '../paths.ts';
import { Notice } from '../ui/notice.tsx';

export function NotFound() {
  return (
    <Notice title={t.shell.notFound} text={t.shell.notFoundWhy}>
      <Button component="a" href={outside.start()}>
        {t.shell.home}
      </Button>
    </Notice>
  );
}

/** The same without the frame. */
export function NotFoundOutside() {
  return (
    <main>
      <NotFound />
    </main>
  );
}

/** A page that broke, or could not be fetched: the frame around it goes on. */
export function RouteFailed() {
  const error = useRouteError();
  // oxlint-disable-next-line no-console -- for who looks why: the page cannot say more
  console.error(error);
  return (
    <Notice title={t.shell.failed} text={t.shell.failedWhy}>
      <Button onClick={() => window.location.reload()}>{t.shell.again}</Button>
    </Notice>
  );
}
