import type { ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Connection, Connections } from '#connections/connections.ts';
import type { EchoedDirectMessage, EmailReport } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import { Batcher } from '#engine/batcher.ts';
import type { ProjectClocks } from '#engine/clocks.ts';
import type { Entry, ItemView, JsonObject, Part, Ports } from '#engine/contract.ts';
import { FactsLoader } from '#fans/facts-loader.ts';
import type { FanFacts } from '#fans/facts.ts';
import { ownPageToken } from '#fans/own-page.ts';
import { addMembers, planAddToSegment, segmentWriter } from '#fans/segments-step.ts';
import { createAdmit, type Admitter } from '#flows/admit.ts';
import { evaluateItem, planOf, type Capabilities } from '#flows/evaluate.ts';
import { FlowIndexes } from '#flows/flow-index.ts';
import { matchEvent } from '#flows/match-event.ts';
import { createSubjectNames, type SubjectNamesReader } from '#flows/subject-names.ts';
import { aboutOf, subjectOf, templateScope } from '#flows/template-scope.ts';
import { renderTemplate } from '#flows/template.ts';
import { FlowVersions } from '#flows/versions.ts';
import type { Sealer } from '#lib/seal.ts';
import { admitOptIns, optedInType } from '#messages/consent-box.ts';
import { recordDeliveries, type DeliveryReport } from '#messages/deliveries.ts';
import { admitTexts } from '#messages/inbound/admit.ts';
import { admitDoubts } from '#messages/inbound/doubts.ts';
import { inboundType, receivedText } from '#messages/inbound/inbound-text.ts';
import { admitReceivedComments } from '#messages/instagram/admit-comments.ts';
import { admitMessages } from '#messages/instagram/admit-messages.ts';
import { disconnectedWriter, dmEffect, replyWriter } from '#messages/instagram/dm-call.ts';
import { createDmEffect } from '#messages/instagram/dm-effect.ts';
import { noteDisconnected, takeReplies } from '#messages/instagram/dm-writers.ts';
import { recordEcho } from '#messages/instagram/echoes.ts';
import { commentType, messageType, receivedComment, receivedMessage } from '#messages/instagram/entries.ts';
import { planDm, type DmDeps } from '#messages/instagram/plan-dm.ts';
import { admitConfirmations } from '#messages/sign-up/admit-email-sign-ups.ts';
import { admitSignUps, signUpOf } from '#messages/sign-up/admit-sign-ups.ts';
import { confirmToken } from '#messages/sign-up/confirm-link.ts';
import { emailRequestOf, planEmailRequest } from '#messages/sign-up/email-request.ts';
import { signUpSource, signUpTypes } from '#messages/sign-up/sign-up.ts';
import { planAnswer, type AnswerDeps } from '#messages/outbound/plan-answer.ts';
import { createRemindEffect, remindEffect } from '#messages/outbound/plan-reminder.ts';
import { createEmailEffects } from '#messages/email/email-effect.ts';
import { firstMailWriter, suppressWriter } from '#messages/email/email-call.ts';
import { isCodeMail, planCodeMail } from '#messages/email/plan-code-mail.ts';
import type { EmailSenders } from '#messages/email/email-senders.ts';
import { recordEmailReports } from '#messages/email/email-reports.ts';
import { noteFirstMails, suppressAddresses } from '#messages/email/email-writers.ts';
import { planEmail, type EmailDeps } from '#messages/email/plan-email.ts';
import { unsubscribeToken } from '#messages/email/unsubscribe-link.ts';
import { planText, type TextDeps } from '#messages/outbound/plan-text.ts';
import { hasHeardNews, hasMessageAhead } from '#messages/outbound/open-messages.ts';
import { blockWriter, inboxWriter, messageWriter, sendEffect } from '#messages/outbound/send-call.ts';
import { createSendEffect } from '#messages/outbound/send-effect.ts';
import { addMessages, addToInbox, blockPairs } from '#messages/outbound/writers.ts';
import type { LocateNumber } from '#messages/quiet-hours/zones.ts';
import { createRecall, type BroughtAddress } from '#privacy/recall.ts';
import { readApiEvent, withoutClaim } from '#runs/api-event.ts';
import { planOwnPageLink } from '#releases/connect-links.ts';
import { planReleaseMessage } from '#releases/message/plan-release-message.ts';
import type { Streaming } from '#releases/streaming.ts';
import type { StepContext, StepPolicy } from '#steps/step.ts';

/** What the streaming side brings. */
export interface StreamingPort {
  forStep(view: ItemView, policy: StepPolicy, facts: () => Promise<FanFacts>): StepContext['streaming'];
  evaluateSave(view: ItemView, facts: FanFacts): Promise<Part[]>;
  releaseFor: Streaming['releaseFor'];
  effects: Ports['effects'];
  writers: Ports['writers'];
}

/** The link to the fan's page that a text carries; its rows are committed with the text. */
export type LinkMaker = (input: {
  view: ItemView;
  facts: FanFacts;
  subject: { releaseId: string | null; artistId: string | null };
  releaseAt: Date | null;
}) => { url: string; writes: { writer: string; row: JsonObject }[] };

export interface ProductDeps {
  db: Db;
  clocks: ProjectClocks;
  connections: Connections;
  projects: ProjectFactsReader;
  locate: LocateNumber;
  emailSenders: EmailSenders;
  sealer: Sealer;
  publicUrl: () => string;
  shortUrl: () => string;
  streaming: StreamingPort;
  makeLink: LinkMaker;
  /** Events that came by API or from a step. */
  admitEvents: Admitter;
}

export interface Product {
  ports: Ports;
  indexes: FlowIndexes;
  versions: FlowVersions;
  facts: FactsLoader;
  /** Resolves after the commit, which it shares with others of the project. */
  recordDelivery: (projectId: string, report: DeliveryReport) => Promise<void>;
  recordEmails: (connection: Connection, reports: readonly EmailReport[]) => Promise<void>;
  recordEcho: (connection: Connection, echo: EchoedDirectMessage) => Promise<void>;
}

/** Puts the features behind the engine's ports: the one place where they all meet. */
export function createProduct(deps: ProductDeps): Product {
  const { db, clocks, connections, projects, locate } = deps;
  const indexes = new FlowIndexes(db);
  const versions = new FlowVersions(db);
  const namesOf = createSubjectNames(db);
  const facts = new FactsLoader(db, (projectId) => clocks.now(projectId));
  const texts: TextDeps = {
    connections,
    projects,
    locate,
    hasTextAhead: (view) => hasMessageAhead(db, view, 'send-text'),
    hasHeardNews: (view) => hasHeardNews(db, view),
    render: createRender(deps, versions, namesOf),
  };
  const emails: EmailDeps = {
    connections,
    projects,
    senders: deps.emailSenders,
    render: texts.render,
    hasEmailAhead: (view) => hasMessageAhead(db, view, 'send-email'),
    ownPageUrl: (owner) => `${deps.publicUrl()}/me/${ownPageToken(deps.sealer, owner)}`,
    unsubscribeUrl: (to) => `${deps.publicUrl()}/u/${unsubscribeToken(deps.sealer, to)}`,
    publicUrl: deps.publicUrl,
  };
  const dms: DmDeps = {
    db,
    connections,
    projects,
    render: texts.render,
    hasDmAhead: (view) => hasMessageAhead(db, view, 'send-instagram-dm'),
  };
  const confirmUrl = (to: { projectId: string; consentId: string }) =>
    `${deps.publicUrl()}/confirm/${confirmToken(deps.sealer, to)}`;
  const answers: AnswerDeps = {
    ...texts,
    keywordsOf: keywordsOf(indexes),
    ownPageLink: ({ projectId, now }, { fanId, pageTurn: turn }) =>
      planOwnPageLink(deps.sealer, deps.shortUrl(), { projectId, fanId, turn, now }),
  };
  const capabilities: Capabilities = {
    streaming: (view, policy, known) => deps.streaming.forStep(view, policy, () => Promise.resolve(known)),
    segments: { add: (segmentId) => Promise.resolve(planAddToSegment(segmentId)) },
    texts: (view, policy, known) => ({ send: (text) => planText(texts, view, known, policy, text) }),
    emails: (view, known) => ({ send: (email) => planEmail(emails, view, known, email) }),
    directMessages: (view, policy, known) => ({
      send: (message) => planDm(dms, view, known, policy, message),
    }),
    save: (view, known) => deps.streaming.evaluateSave(view, known),
    send: async (view, known) => {
      const asked = emailRequestOf(view);
      if (asked !== null) return planEmailRequest({ ...emails, confirmUrl }, view, known, asked);
      if (isCodeMail(view)) return planCodeMail(emails, view, known);
      const part = await planReleaseMessage({ ...deps, namesOf, texts, emails }, view, known);
      return part ?? planAnswer(answers, view, known);
    },
  };
  const admit = createAdmit(indexes, {
    kindOf,
    prepare: createRecall(deps.sealer, { addressesIn: broughtBy, withoutClaim }),
    byKind: {
      text: (tx, projectId, index, entries, now) =>
        admitTexts(tx, { locate }, projectId, index, entries, now),
      doubt: (tx, projectId, _index, entries, now) => admitDoubts(tx, projectId, entries, now),
      message: admitMessages,
      comment: admitReceivedComments,
      event: deps.admitEvents,
      signUp: (tx, projectId, _index, entries, now) =>
        admitSignUps(tx, { connections, locate }, projectId, entries, now),
      confirmation: (tx, projectId, index, entries, now) =>
        admitConfirmations(tx, matchEvent.bind(null, index), projectId, entries, now),
      optIn: (tx, projectId, index, entries, now) => {
        const match = matchEvent.bind(null, index);
        return admitOptIns(tx, { connections, projects, locate, match }, projectId, entries, now);
      },
    },
  });
  const send = createSendEffect({ db, connections, statusCallbackUrl: callbackUrl(deps.publicUrl) });
  const ports: Ports = {
    plan: (projectId, versionId) => planOf(versions, projectId, versionId),
    evaluate: (view) => evaluateItem({ versions, facts, capabilities }, view),
    admit,
    effects: {
      ...deps.streaming.effects,
      [sendEffect]: send,
      [remindEffect]: createRemindEffect(send),
      ...createEmailEffects({ db, connections }),
      [dmEffect]: createDmEffect({ db, connections }),
    },
    writers: {
      ...deps.streaming.writers,
      [segmentWriter]: addMembers,
      [messageWriter]: addMessages,
      [blockWriter]: blockPairs,
      [inboxWriter]: addToInbox,
      [suppressWriter]: suppressAddresses,
      [firstMailWriter]: noteFirstMails,
      [replyWriter]: takeReplies,
      [disconnectedWriter]: noteDisconnected,
    },
    seal: (text) => deps.sealer.seal(text),
    unseal: (sealed) => deps.sealer.unseal(sealed),
  };
  const deliveries = new Batcher<DeliveryReport, void>({
    flush: async (projectId, reports) => {
      await recordDeliveries(db, projectId, reports);
      return reports.map(() => undefined);
    },
  });
  const recordDelivery = (projectId: string, report: DeliveryReport) => deliveries.add(projectId, report);
  const recordEmails = async (connection: Connection, reports: readonly EmailReport[]) => {
    const now = (projectId: string) => clocks.now(projectId);
    const { isPausedNow } = await recordEmailReports(db, connection, reports, now);
    if (isPausedNow) deps.emailSenders.forget(connection.id);
  };
  return {
    ports,
    indexes,
    versions,
    facts,
    recordDelivery,
    recordEmails,
    recordEcho: (connection, echo) => recordEcho(deps, connection, echo),
  };
}

function createRender(
  deps: ProductDeps,
  versions: FlowVersions,
  namesOf: SubjectNamesReader,
): TextDeps['render'] {
  return async ({ view, facts, body, language }) => {
    const version = await versions.get(view.projectId, view.flowVersionId ?? '');
    const subject = subjectOf(version, aboutOf(view));
    const names = await namesOf(view.projectId, subject);
    const artistId = subject.artistId ?? names.release?.artistId ?? null;
    const link = deps.makeLink({
      view,
      facts,
      subject: { releaseId: subject.releaseId, artistId },
      releaseAt: names.release?.releaseAt ?? null,
    });
    const rendered = renderTemplate(
      body,
      templateScope({ view, facts, version, names, link: link.url, language }),
    );
    // A link that the text does not carry is not worth a row.
    return { body: rendered, writes: rendered.includes(link.url) ? link.writes : [] };
  };
}

function keywordsOf(indexes: FlowIndexes) {
  return async (projectId: string, connectionId: string): Promise<readonly string[]> => {
    const index = await indexes.current(projectId);
    return index
      .byTrigger('keyword')
      .filter((flow) => (flow.trigger.config['connectionId'] ?? connectionId) === connectionId)
      .flatMap((flow) => {
        const { keywords } = flow.trigger.config;
        return Array.isArray(keywords) ? keywords.map(String) : [];
      });
  };
}

/** Where the provider reports on a text: the address names the intent, so that it proves the send. */
function callbackUrl(publicUrl: () => string) {
  return (to: { connector: string; connectionId: string; projectId: string; intentId: string }) =>
    `${publicUrl()}/webhooks/${to.connector}/${to.connectionId}?project=${to.projectId}&intent=${to.intentId}`;
}

/** Addresses that an event brings from outside; what a step or a page raises names a fan that is there. */
function broughtBy(entry: Entry): { addresses: BroughtAddress[]; isClaim: boolean } {
  if (entry.type === inboundType)
    return { addresses: [{ channel: 'sms', value: receivedText(entry).from }], isClaim: false };
  if (entry.type === messageType)
    return { addresses: [{ channel: 'instagram', value: receivedMessage(entry).address }], isClaim: false };
  if (entry.type === commentType)
    return { addresses: [{ channel: 'instagram', value: receivedComment(entry).address }], isClaim: false };
  if (isSignUp(entry)) {
    const { channel, address } = signUpOf(entry);
    return { addresses: [{ channel, value: address }], isClaim: false };
  }
  if (entry.source !== 'api') return { addresses: [], isClaim: false };
  const { fan, consent } = readApiEvent(entry);
  const named = [
    { channel: 'sms', value: fan.phone },
    { channel: 'email', value: fan.email },
    { channel: 'instagram', value: fan.instagram },
  ] as const;
  const addresses = named.flatMap(({ channel, value }) => (value === undefined ? [] : [{ channel, value }]));
  return { addresses, isClaim: consent !== null };
}

function kindOf(entry: Entry): string {
  if (entry.type === inboundType) return 'text';
  if (entry.type === messageType) return 'message';
  if (entry.type === commentType) return 'comment';
  if (isSignUp(entry)) return 'signUp';
  if (entry.source === signUpSource) return 'confirmation';
  if (entry.source === 'inbox') return 'doubt';
  return entry.type === optedInType && entry.source === 'page' ? 'optIn' : 'event';
}

function isSignUp({ source, type }: Entry): boolean {
  return source === signUpSource && (type === signUpTypes.sms || type === signUpTypes.email);
}
