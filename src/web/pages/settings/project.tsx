import { useQueryClient } from '@tanstack/react-query';
import { getProject, listProjects, type ProjectView } from '#accounts/contract.ts';
import { keyOf, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { countryName } from '../../country.ts';
import { useMay } from '../../may.ts';
import { useHere } from '../../session.ts';
import { Problem } from '../../ui/problem.tsx';
import { Fact, Facts } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';
import { ProjectForm } from './project-form.tsx';
import styles from './settings.module.css';
import { StopSending } from './stop-sending.tsx';
import { Waiting } from './waiting.tsx';

/** What the artist decides about this project; read by every role, changed by some. */
export function Component() {
  const { project, role } = useHere();
  const mayChange = useMay('settings');
  const client = useQueryClient();
  const input = { params: { id: project.id } };
  const read = useRead(getProject, input);
  if (read.data === undefined)
    return read.isError ? <Problem error={read.error} again={() => void read.refetch()} /> : <Waiting />;
  const note = (saved: ProjectView) => {
    client.setQueryData(keyOf(getProject, input), saved);
    void client.invalidateQueries({ queryKey: keyOf(listProjects) });
    // The name stands in the header, too.
    void client.invalidateQueries({ queryKey: ['session'] });
    toast(t.settings.saved);
  };
  return (
    <div className={styles.form}>
      <p className={styles.hint}>
        {read.data.isLive ? t.settings.isLive : t.settings.isTest}
        {!mayChange && ` ${t.settings.readOnly(t.settings.roles[role])}`}
      </p>
      {mayChange ? <ProjectForm project={read.data} onSaved={note} /> : <Shown project={read.data} />}
      <StopSending />
    </div>
  );
}

function Shown({ project }: { project: ProjectView }) {
  const { countries } = project;
  return (
    <Facts>
      <Fact name={t.settings.name}>{project.name}</Fact>
      <Fact name={t.settings.programme}>{project.programme}</Fact>
      <Fact name={t.settings.legalSender}>{project.legalSender}</Fact>
      <Fact name={t.settings.contact}>{project.contact === '' ? t.settings.none : project.contact}</Fact>
      <Fact name={t.settings.postalAddress}>
        {project.postalAddress === '' ? t.settings.none : project.postalAddress}
      </Fact>
      <Fact name={t.settings.zone}>{project.zone}</Fact>
      <Fact name={t.settings.countries}>
        {countries.length === 0 ? t.settings.ownCountries : countries.map(countryName).join(', ')}
      </Fact>
      <Fact name={t.settings.monthlyCap}>{project.monthlyCap}</Fact>
      <Fact name={t.settings.allChannelsCap}>{project.allChannelsCap ?? t.settings.noLimit}</Fact>
      <Fact name={t.settings.answersUnmatched}>
        {project.answersUnmatched ? t.settings.yes : t.settings.no}
      </Fact>
    </Facts>
  );
}
