import type {
  AccountLogin,
  CredentialRenewal,
  EmailClient,
  LookupClient,
  SmsClient,
  SocialClient,
  StreamingClient,
  WebhookReader,
} from '#connectors/connector.ts';

/** An account's link to a provider, with its clients at hand. Settings hold secrets: never log one. */
export interface Connection {
  id: string;
  accountId: string;
  connector: string;
  label: string;
  isLive: boolean;
  state: 'ready' | 'needs_reconnect' | 'error' | 'disabled';
  /** Projects it is lent to. */
  projectIds: readonly string[];
  sms: SmsClient | null;
  email: EmailClient | null;
  social: SocialClient | null;
  streaming: StreamingClient | null;
  lookup: LookupClient | null;
  webhook: WebhookReader | null;
  login: AccountLogin | null;
  /** Null: it has no credential that ends. */
  renewal: CredentialRenewal | null;
}

/** Read side used on hot paths: connections are cached and reloaded when one changes. */
export interface Connections {
  /** Undefined: no such connection. */
  find(connectionId: string): Promise<Connection | undefined>;
  /** As `find`, read anew: what another process changed a moment ago is seen. */
  findFresh(connectionId: string): Promise<Connection | undefined>;
  /** Those lent to the project, oldest first, disabled ones left out. */
  ofProject(projectId: string): Promise<readonly Connection[]>;
  noteSuccess(connectionId: string): void;
  /** The provider told something that was genuine. */
  noteWebhook(connectionId: string): void;
  noteError(connectionId: string, reason: string, state?: 'needs_reconnect' | 'error'): void;
}
