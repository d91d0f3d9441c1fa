import { useQueries, type UseQueryOptions } from '@tanstack/react-query';
import { useMemo } from 'react';
import { getSegment } from '#fans/contract.ts';
import {
  referencesOf,
  stepDefinition,
  stepReferences,
  triggerDefinition,
  type Reference,
} from '#flows/definition.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { getArtist, getRelease } from '#releases/contract.ts';
import type { StepFacts } from '#steps/expectations.ts';
import { t } from '../../catalogue/index.ts';
import { keyOf, send, useRead, type ResponseOf } from '../../call.ts';
import type { Draft } from './draft.ts';

export type FlowFacts = ResponseOf<typeof getFlowFacts>;
export type NameOf = (reference: Reference) => string;

/** What the flow is about, by name, and what its steps have to know to say what will become of them. */
export interface Subjects {
  nameOf: NameOf;
  facts: FlowFacts | undefined;
  /** Null while something is still loading. */
  factsAt: (index: number) => StepFacts | null;
}

const doors = { release: getRelease, artist: getArtist, segment: getSegment } as const;

export function useSubjects(draft: Draft): Subjects {
  const { data: facts } = useRead(getFlowFacts, {}, { staleTime: 60_000 });
  const wanted = useMemo(() => distinct(referencesOf(draft)), [draft]);
  const found = useQueries({ queries: wanted.map(questionFor) });
  const known = new Map(wanted.map((one, index) => [`${one.kind}:${one.id}`, found[index]?.data]));
  const isLoading = facts === undefined || found.some(({ isPending }) => isPending);
  const look = (kind: Reference['kind'], id: string | undefined) =>
    known.get(`${kind}:${id?.toLowerCase() ?? ''}`);

  const nameOf: NameOf = ({ kind, id }) => {
    if (kind === 'connection')
      return sendersOf(facts).find((one) => one.connectionId === id)?.value ?? t.editor.unnamed.connection;
    const subject = look(kind, id);
    if (subject === undefined) return t.editor.unnamed[kind];
    return 'title' in subject ? subject.title : subject.name;
  };
  return {
    nameOf,
    facts,
    factsAt: (index) => (isLoading ? null : stepFacts(draft, index, facts, look)),
  };
}

type Subject = ResponseOf<typeof getRelease> | ResponseOf<typeof getArtist> | ResponseOf<typeof getSegment>;

function questionFor({ kind, id }: Reference): UseQueryOptions<Subject> {
  // As: connections are taken out before.
  const door = doors[kind as keyof typeof doors];
  return {
    queryKey: keyOf(door, { params: { id } }),
    queryFn: ({ signal }) => send(door, { params: { id } }, signal) as Promise<Subject>, // As: one of the three.
    staleTime: 30_000,
  };
}

function distinct(references: readonly Reference[]): Reference[] {
  const named = references.filter(({ kind }) => kind !== 'connection');
  return [...new Map(named.map((one) => [`${one.kind}:${one.id}`, one])).values()];
}

function stepFacts(
  { trigger, steps }: Draft,
  index: number,
  facts: FlowFacts,
  look: (kind: Reference['kind'], id: string | undefined) => Subject | undefined,
): StepFacts | null {
  const step = steps[index];
  if (step === undefined) return null;
  const idOf = (kind: Reference['kind']) => stepReferences(step).find((one) => one.kind === kind)?.id;
  // As: each door answers with its own kind.
  const release = look('release', idOf('release')) as ResponseOf<typeof getRelease> | undefined;
  const artist = look('artist', idOf('artist')) as ResponseOf<typeof getArtist> | undefined;
  const segment = look('segment', idOf('segment')) as ResponseOf<typeof getSegment> | undefined;
  const ready = facts.senders.filter(({ isReady }) => isReady);
  const wanted = idOf('connection');
  const sender = wanted === undefined ? ready[0] : ready.find(({ connectionId }) => connectionId === wanted);
  return {
    now: facts.now,
    release: release === undefined ? null : releaseFacts(release),
    artist:
      artist === undefined
        ? null
        : { name: artist.name, services: artist.services.map((one) => one.service) },
    segment: segment ?? null,
    services: facts.services,
    sender: sender ?? null,
    permission: triggerDefinition(trigger).permission(trigger.config as never),
    emailSender: emailSenderOf(facts, wanted),
    account: accountOf(facts, wanted),
    fromInstagram: originOf(trigger.trigger, steps.slice(0, index)),
    isLaterText: steps.slice(0, index).some((one) => stepDefinition(one.step).uses === 'sms'),
    openHours: sender?.openHours ?? { from: 480, to: 1_260 },
    monthlyCap: facts.monthlyCap,
  };
}

function sendersOf(facts: FlowFacts | undefined): { connectionId: string; value: string }[] {
  return facts === undefined ? [] : [...facts.senders, ...facts.emailSenders, ...facts.accounts];
}

function accountOf({ accounts }: FlowFacts, wanted: string | undefined): StepFacts['account'] {
  const ready = accounts.filter(({ isReady }) => isReady);
  return (wanted === undefined ? ready[0] : ready.find((one) => one.connectionId === wanted)) ?? null;
}

function originOf(trigger: string, before: Draft['steps']): StepFacts['fromInstagram'] {
  if (trigger === 'instagram-dm') return 'message';
  // A comment is answered once: what comes after that needs a message of the fan.
  const isFirst = before.every(({ step }) => stepDefinition(step).group !== 'social');
  return trigger === 'instagram-comment' && isFirst ? 'comment' : 'none';
}

function emailSenderOf({ emailSenders }: FlowFacts, wanted: string | undefined): StepFacts['emailSender'] {
  const found =
    wanted === undefined ? emailSenders[0] : emailSenders.find(({ connectionId }) => connectionId === wanted);
  return found ?? null;
}

function releaseFacts(release: ResponseOf<typeof getRelease>): StepFacts['release'] {
  return {
    title: release.title,
    releaseAt: release.releaseAt,
    isCancelled: release.cancelledAt !== null,
    services: release.services.map(({ service }) => service),
    hasCountdown: release.countdownUrl !== null,
  };
}
