import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { listProjects } from '#accounts/contract.ts';
import { useReadPages } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { ProjectDialog } from '../../forms/project-dialog.tsx';
import { useMay } from '../../may.ts';
import { outside } from '../../paths.ts';
import { useHere } from '../../session.ts';
import { List } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { OptOutScope } from './opt-out-scope.tsx';
import styles from './settings.module.css';

/** The account's projects, and the way to another one. */
export function Component() {
  const { project: here, account } = useHere();
  const pages = useReadPages(listProjects);
  const [isOpen, dialog] = useDisclosure(false);
  const mayMake = useMay('projects');
  return (
    <>
      <div className={styles.head}>
        <p className={styles.hint}>
          {t.settings.projectsHint(account.name)} {!mayMake && t.settings.noNewProjects}
        </p>
        {mayMake && <NextButton onClick={dialog.open}>{t.settings.newProject}</NextButton>}
      </div>
      <List
        label={t.settings.projects}
        pages={pages}
        keyOf={(project) => project.id}
        empty={null}
        columns={[
          { label: t.settings.name, render: ({ name }) => name },
          { label: t.settings.kind, render: ({ isLive }) => (isLive ? t.settings.live : t.settings.test) },
          { label: t.settings.zone, render: ({ zone }) => zone, isSecondary: true },
          {
            label: t.settings.created,
            render: ({ createdAt }) => <RelativeTime at={createdAt} />,
            isSecondary: true,
          },
          {
            label: '',
            name: t.settings.actions,
            align: 'right',
            render: ({ id, slug, name }) =>
              id === here.id ? (
                t.settings.openNow
              ) : (
                // A full load: nothing of one project may be left over in another.
                <Button
                  component="a"
                  href={outside.project(slug)}
                  size="compact-sm"
                  aria-label={t.settings.openNamed(name)}
                >
                  {t.settings.open}
                </Button>
              ),
          },
        ]}
      />
      <OptOutScope />
      <ProjectDialog isOpen={isOpen} close={dialog.close} />
    </>
  );
}
