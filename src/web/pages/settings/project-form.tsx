import { Button, Group, MultiSelect, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { updateProject, type ProjectChange, type ProjectView } from '#accounts/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { listCountries } from '../../country.ts';
import { NextButton } from '../../ui/next-button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useForm } from '../../ui/use-form.ts';
import styles from './settings.module.css';

const zones = Intl.supportedValuesOf('timeZone');

/** As the fields hold them; a number that is being typed may be empty. */
interface Values {
  name: string;
  programme: string;
  legalSender: string;
  contact: string;
  postalAddress: string;
  zone: string;
  countries: string[];
  monthlyCap: number | string;
  /** Empty: no limit. */
  allChannelsCap: number | string;
  answersUnmatched: boolean;
}

function valuesOf(project: ProjectView): Values {
  const {
    name,
    programme,
    legalSender,
    contact,
    postalAddress,
    zone,
    countries,
    monthlyCap,
    allChannelsCap,
    answersUnmatched,
  } = project;
  return {
    name,
    programme,
    legalSender,
    contact,
    postalAddress,
    zone,
    countries: [...countries],
    monthlyCap,
    allChannelsCap: allChannelsCap ?? '',
    answersUnmatched,
  };
}

/** Only what was changed here: what somebody else changed meanwhile stays. */
function changeOf(base: Values, values: Values): ProjectChange {
  const changed = (Object.keys(values) as (keyof Values)[]) // As: the keys of the very object.
    .filter((name) => JSON.stringify(values[name]) !== JSON.stringify(base[name]))
    .map((name) => [name, sent(name, values[name])]);
  return Object.fromEntries(changed);
}

/** As the door takes it: numbers as numbers, an empty limit as none. */
function sent(name: keyof Values, value: Values[keyof Values]): unknown {
  if (name === 'allChannelsCap' && value === '') return null;
  return name === 'monthlyCap' || name === 'allChannelsCap' ? Number(value) : value;
}

/** All settings of a project in one form. What is typed stays until it is saved or discarded. */
export function ProjectForm({
  project,
  onSaved,
}: {
  project: ProjectView;
  onSaved: (saved: ProjectView) => void;
}) {
  const update = useAction(updateProject);
  const current = valuesOf(project);
  const [base, setBase] = useState(current);
  const form = useForm<Values, ProjectView>({
    initial: base,
    submit: (values) => update.mutateAsync({ params: { id: project.id }, body: changeOf(base, values) }),
    onDone: (saved) => {
      setBase(valuesOf(saved));
      form.reset(valuesOf(saved));
      onSaved(saved);
    },
    // As: the body's own fields, or what lies in one of them.
    fieldOf: (path) => path.split('.')[0] as keyof Values,
  });
  // Somebody else changed something: it is taken over where nothing is being typed.
  if (!form.isChanged && JSON.stringify(current) !== JSON.stringify(base)) {
    setBase(current);
    form.reset(current);
  }
  return (
    <form onSubmit={form.onSubmit} className={styles.form} noValidate>
      <TextInput {...form.text('name')} label={t.settings.name} description={t.settings.nameHint} />
      <TextInput
        {...form.text('programme')}
        label={t.settings.programme}
        description={t.settings.programmeHint}
      />
      <TextInput
        {...form.text('legalSender')}
        label={t.settings.legalSender}
        description={t.settings.legalSenderHint}
      />
      <TextInput {...form.text('contact')} label={t.settings.contact} description={t.settings.contactHint} />
      <TextInput
        {...form.text('postalAddress')}
        label={t.settings.postalAddress}
        description={t.settings.postalAddressHint}
      />
      <Choices form={form} />
      {form.problem !== null && <Problem error={form.problem} />}
      <Group>
        <NextButton type="submit" loading={form.isBusy} disabled={!form.isChanged}>
          {t.settings.save}
        </NextButton>
        {form.isChanged && <Button onClick={() => form.reset()}>{t.settings.discard}</Button>}
      </Group>
    </form>
  );
}

function Choices({ form }: { form: ReturnType<typeof useForm<Values, ProjectView>> }) {
  const { values, errors, set } = form;
  return (
    <>
      <Select
        label={t.settings.zone}
        description={t.settings.zoneHint}
        data={zones.includes(values.zone) ? zones : [values.zone, ...zones]}
        value={values.zone}
        onChange={(value) => value !== null && set('zone', value)}
        error={errors.zone}
        searchable
        allowDeselect={false}
      />
      <MultiSelect
        label={t.settings.countries}
        description={t.settings.countriesHint}
        placeholder={values.countries.length === 0 ? t.settings.ownCountries : ''}
        data={listCountries()}
        value={values.countries}
        onChange={(value) => set('countries', value)}
        error={errors.countries}
        searchable
        hidePickedOptions
      />
      <NumberInput
        label={t.settings.monthlyCap}
        description={t.settings.monthlyCapHint}
        value={values.monthlyCap}
        onChange={(value) => set('monthlyCap', value)}
        error={errors.monthlyCap}
        min={1}
        max={100}
        clampBehavior="none"
        allowDecimal={false}
        styles={{ wrapper: { maxWidth: '8rem' } }}
      />
      <NumberInput
        label={t.settings.allChannelsCap}
        description={t.settings.allChannelsCapHint}
        placeholder={t.settings.noLimit}
        value={values.allChannelsCap}
        onChange={(value) => set('allChannelsCap', value)}
        error={errors.allChannelsCap}
        min={1}
        max={300}
        clampBehavior="none"
        allowDecimal={false}
        styles={{ wrapper: { maxWidth: '8rem' } }}
      />
      <Switch
        label={t.settings.answersUnmatched}
        description={t.settings.answersUnmatchedHint}
        checked={values.answersUnmatched}
        onChange={(event) => set('answersUnmatched', event.currentTarget.checked)}
      />
    </>
  );
}
