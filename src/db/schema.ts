// Printed by scripts/table-types.ts from the migrations; do not edit.
import type { ColumnType, Generated } from 'kysely';

/** Read as whatever was written; written as JSON text. */
type Json = ColumnType<unknown, string, string>;

export interface AccountTable {
  id: string;
  name: string;
  plan: Generated<string>;
  created_at: Generated<Date>;
  opt_out_scope: Generated<string>;
}

export interface AccountSignInTable {
  hash: Buffer;
  project_id: string;
  connection_id: string;
  actor: string;
  expires_at: Date;
}

export interface ActiveScopeTable {
  scope: string;
  project_id: string;
  flow_id: string;
}

export interface AddressTable {
  project_id: string;
  channel: string;
  value: string;
  fan_id: string;
  created_at: Date;
}

export interface ApiKeyTable {
  id: string;
  project_id: string;
  name: string;
  hash: Buffer;
  scopes: Generated<string[]>;
  created_at: Generated<Date>;
  revoked_at: Date | null;
}

export interface ArtistTable {
  project_id: string;
  id: string;
  name: string;
  created_at: Date;
}

export interface ArtistServiceTable {
  project_id: string;
  artist_id: string;
  service: string;
  service_id: string;
  url: string | null;
}

export interface ArtistWatchTable {
  project_id: string;
  artist_id: string;
  service: string;
  looked_at: Date | null;
  next_look_at: Date;
  failures: Generated<number>;
  problem: string | null;
}

export interface ArtworkTable {
  token: string;
  width: number;
  project_id: string;
  release_id: string;
  bytes: Buffer;
  created_at: Date;
}

export interface AttemptTable {
  key: Buffer;
  count: number;
  ends_at: Date;
}

export interface AuditEntryTable {
  project_id: string;
  id: string;
  actor: string;
  action: string;
  subject: string;
  before: Json | null;
  after: Json | null;
  at: Generated<Date>;
}

export interface BlockTable {
  project_id: string;
  sender: string;
  address: string;
  at: Date;
}

export interface BudgetTable {
  project_id: string;
  account: string;
  scope: string;
  amount: number;
  at_limit: string;
  told_period: string | null;
}

export interface BudgetBalanceTable {
  project_id: string;
  account: string;
  scope: string;
  period: string;
  used: Generated<number>;
  reserved: Generated<number>;
}

export interface CallToActionTable {
  project_id: string;
  flow_id: string;
  version: string;
  text: string;
  programme: string;
  per_month: number;
  place: string;
  link: string;
  published_at: Date;
}

export interface ConnectionTable {
  id: string;
  account_id: string;
  connector: string;
  label: string;
  is_live: boolean;
  settings: Buffer;
  state: Generated<string>;
  last_success_at: Date | null;
  last_error: string | null;
  caught_up_to: Date | null;
  created_at: Generated<Date>;
  last_webhook_at: Date | null;
}

export interface ConsentTable {
  project_id: string;
  id: string;
  fan_id: string;
  channel: string;
  address: string;
  text: string;
  text_version: string;
  method: string;
  source: Json;
  per_month: number | null;
  granted_at: Date;
  active_at: Date | null;
  revoked_at: Date | null;
  revoked_by: string | null;
}

export interface CredentialRenewalTable {
  connection_id: string;
  tried_at: Date;
}

export interface CreditBalanceTable {
  project_id: string;
  account: string;
  period: string;
  used: Generated<number>;
  reserved: Generated<number>;
  allowance: number | null;
  is_budgeted: Generated<boolean>;
}

export interface CreditEntryTable {
  project_id: string;
  id: string;
  account: string;
  period: string;
  intent_id: string;
  kind: string;
  amount: number;
  at: Date;
  flow_id: string | null;
}

export interface CreditLimitTable {
  project_id: string;
  account: string;
  allowance: number | null;
  at_limit: string;
  overage: number | null;
  told_period: string | null;
}

export interface DetectionTable {
  project_id: string;
  release_id: string;
  artist_id: string;
  released_on: string;
  detected_at: Date;
  event_id: string | null;
  told_through: string | null;
  told_at: Date | null;
}

export interface EmailReportTable {
  message_id: string;
  event: string;
  project_id: string;
  at: Date;
}

export interface EmailSenderTable {
  connection_id: string;
  checks: Json | null;
  is_verified: Generated<boolean>;
  checked_at: Date | null;
  paused_at: Date | null;
  paused_for: string | null;
  resumed_at: Date | null;
  warm_up_per_day: Generated<number | null>;
  first_sent_at: Date | null;
}

export interface ErasureTable {
  project_id: string;
  fan_id: string;
  by: string;
  at: Date;
  swept_at: Date | null;
}

export interface EventTable {
  project_id: string;
  id: string;
  type: string;
  fan_id: string | null;
  source: string;
  key: string;
  fingerprint: string;
  subject: Json;
  result: Json;
  chain: Generated<string[]>;
  occurred_at: Date;
  accepted_at: Generated<Date>;
}

export interface EventKeyTable {
  project_id: string;
  source: string;
  key: string;
  event_id: string;
  created_at: Generated<Date>;
}

export interface EvidenceTable {
  project_id: string;
  channel: string;
  address_hash: Buffer;
  sealed: Buffer | null;
  opted_out_at: Date | null;
  opted_out_word: string | null;
  suppressed_for: string | null;
  erased_at: Date;
  sealed_until: Date;
  keep_until: Date;
}

export interface FanTable {
  project_id: string;
  id: string;
  name: string | null;
  language: string | null;
  country: string | null;
  zip: string | null;
  is_sms_held: Generated<boolean>;
  created_at: Date;
  page_turn: Generated<number>;
}

export interface FanCodeTable {
  project_id: string;
  fan_id: string;
  hash: Buffer;
  expires_at: Date;
}

export interface FlowTable {
  project_id: string;
  id: string;
  name: string;
  state: Generated<string>;
  version: Generated<number>;
  active_version: number | null;
  created_at: Date;
  updated_at: Date;
  pause_reason: string | null;
}

export interface FlowVersionTable {
  project_id: string;
  id: string;
  flow_id: string;
  version: number;
  trigger: Json;
  steps: Json;
  reentry: Json;
  created_at: Date;
  saved_by: Generated<string>;
  activated_at: Date | null;
}

export interface FollowedTable {
  project_id: string;
  fan_id: string;
  artist_id: string;
  service: string;
  at: Date;
  undone_at: Date | null;
}

export interface GateTable {
  project_id: string;
  key: string;
  seq: Generated<number>;
  closed: Generated<boolean>;
}

export interface GoLiveTaskTable {
  project_id: string;
  connector: string;
  task: string;
  done_at: Date;
  done_by: string;
}

export interface HomeVisitTable {
  project_id: string;
  person: string;
  at: Date;
  before_at: Date | null;
}

export interface InboxMessageTable {
  project_id: string;
  id: string;
  fan_id: string | null;
  channel: string;
  from_address: string;
  to_address: string;
  connection_id: string | null;
  body: string;
  reason: string;
  received_at: Date;
  read_at: Date | null;
  done_at: Date | null;
  decision: string | null;
  decided_at: Date | null;
  decided_by: string | null;
}

export interface InstagramCommentTable {
  project_id: string;
  comment_id: string;
  connection_id: string | null;
  fan_id: string;
  media_id: string;
  is_live: boolean;
  commented_at: Date;
  reply_intent_id: string | null;
}

export interface InstagramConversationTable {
  project_id: string;
  connection_id: string;
  address: string;
  fan_id: string;
  last_message_at: Date;
  from_ad_at: Date | null;
  person_at: Date | null;
  silenced_until: Date | null;
}

export interface IntentTable {
  project_id: string;
  id: string;
  work_id: string;
  run_id: string | null;
  position: Generated<number>;
  service: Generated<string>;
  fan_id: string | null;
  effect: string;
  key: string;
  payload: Buffer;
  attempt: Generated<number>;
  state: Generated<string>;
  account: string | null;
  credits: Generated<number>;
  provider_id: string | null;
  reason: string | null;
  delivery: Json | null;
  created_at: Generated<Date>;
  sent_at: Date;
  settled_at: Date | null;
}

export interface InvitationTable {
  id: string;
  account_id: string;
  role: string;
  note: Generated<string>;
  hash: Buffer;
  invited_by: string | null;
  created_at: Generated<Date>;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
}

export interface LandingPageTable {
  project_id: string;
  id: string;
  slug: string;
  content: Json;
  version: Generated<number>;
  is_published: Generated<boolean>;
  created_at: Date;
  updated_at: Date;
}

export interface LaneTable {
  id: string;
  count: number;
  period_ms: number;
  burst: number;
  tat: Generated<Date>;
  blocked_until: Date | null;
  blocked_reason: string | null;
  failures: Generated<number>;
}

export interface LoanTable {
  project_id: string;
  connection_id: string;
  created_at: Generated<Date>;
}

export interface MemberTable {
  account_id: string;
  user_id: string;
  role: string;
  created_at: Generated<Date>;
}

export interface MessageTable {
  project_id: string;
  id: string;
  fan_id: string | null;
  channel: string;
  address: string;
  sender: string;
  class: string;
  run_id: string | null;
  cause_id: string | null;
  parts: number;
  has_opt_out_wording: boolean;
  again_flow_id: string | null;
  sent_at: Date;
}

export interface MigrationTable {
  name: string;
  hash: string;
  applied_at: Generated<Date>;
}

export interface OauthStateTable {
  hash: Buffer;
  project_id: string;
  fan_id: string | null;
  connection_id: string;
  connector: string;
  sealed: Buffer;
  expires_at: Date;
  used_at: Date | null;
}

export interface OptOutTable {
  project_id: string;
  channel: string;
  address: string;
  word: string;
  at: Date;
  cleared_at: Date | null;
}

export interface OutcomeTable {
  project_id: string;
  run_id: string;
  position: number;
  service: Generated<string>;
  status: string;
  reason: string | null;
  detail: string | null;
  attempts: Generated<number>;
  provider_id: string | null;
  credits: Generated<number>;
  started_at: Date;
  ended_at: Date | null;
  waiting_for: Json | null;
  delivery: Json | null;
  item_id: string | null;
  is_mirror: Generated<boolean>;
  history: Json;
  updated_at: Generated<Date>;
}

export interface ProjectTable {
  id: string;
  account_id: string;
  name: string;
  slug: string;
  is_live: boolean;
  programme: string;
  legal_sender: string;
  contact: Generated<string>;
  zone: Generated<string>;
  countries: Generated<string[]>;
  monthly_cap: Generated<number>;
  answers_unmatched: Generated<boolean>;
  created_at: Generated<Date>;
  postal_address: Generated<string>;
  embed_origins: Generated<string[]>;
  body_months: Generated<number>;
  proof_months: Generated<number>;
  live_project_id: string | null;
  all_channels_cap: number | null;
}

export interface ProjectClockTable {
  project_id: string;
  offset_ms: Generated<number>;
}

export interface ProviderUseTable {
  connection_id: string;
  bucket: string;
  day: string;
  used: number;
  most: number | null;
}

export interface PurposeTable {
  project_id: string;
  fan_id: string;
  kind: string;
  target_id: string;
  words: string;
  source: string;
  given_at: Date;
  revoked_at: Date | null;
  began_at: Date | null;
}

export interface ReconciliationTable {
  connection_id: string;
  day: string;
  our_texts: number;
  our_parts: number;
  their_texts: number;
  their_parts: number;
  at: Date;
}

export interface ReentryTable {
  project_id: string;
  flow_id: string;
  fan_id: string;
  last_run_id: string;
  last_at: Date;
  count: Generated<number>;
}

export interface ReleaseTable {
  project_id: string;
  id: string;
  artist_id: string;
  title: string;
  kind: string;
  release_at: Date;
  release_mode: Generated<string>;
  upc: string | null;
  countdown_url: string | null;
  cancelled_at: Date | null;
  created_at: Date;
  artwork: string | null;
  artwork_colour: string | null;
}

export interface ReleaseMessageTable {
  project_id: string;
  release_id: string;
  channel: string;
  subject: Generated<string>;
  saved: string;
  accepted: string;
  reminded: string;
  failed: string;
  passes: Generated<number>;
  told_through: string | null;
}

export interface ReleaseServiceTable {
  project_id: string;
  release_id: string;
  service: string;
  service_id: string;
  url: string | null;
}

export interface ReleaseToldTable {
  project_id: string;
  release_id: string;
  channel: string;
  fan_id: string;
  at: Date;
}

export interface RollupTable {
  project_id: string;
  day: string;
  flow_id: string;
  position: number;
  service: string;
  status: string;
  reason: string;
  count: number;
  credits: Generated<number>;
}

export interface RevocationTable {
  id: string;
  project_id: string;
  connection_id: string;
  account_hash: Buffer | null;
  tokens: Buffer;
  asked_at: Generated<Date>;
  next_at: Generated<Date>;
}

export interface RunTable {
  project_id: string;
  id: string;
  flow_id: string;
  flow_version_id: string;
  fan_id: string;
  event_id: string;
  state: Generated<string>;
  started_at: Date;
  ended_at: Date | null;
}

export interface SaveTable {
  project_id: string;
  fan_id: string;
  release_id: string;
  service: string;
  state: string;
  reason: string | null;
  item_id: string | null;
  renew_by: Date | null;
  created_at: Date;
  performed_at: Date | null;
}

export interface SeenWorkTable {
  project_id: string;
  artist_id: string;
  service: string;
  service_id: string;
  isrcs: string[];
  release_id: string | null;
  seen_at: Date;
}

export interface SegmentTable {
  project_id: string;
  id: string;
  name: string;
  created_at: Date;
}

export interface SegmentMemberTable {
  project_id: string;
  segment_id: string;
  fan_id: string;
  added_at: Date;
}

export interface SenderTable {
  connection_id: string;
  kind: string;
  value: string;
}

export interface ShortLinkTable {
  code: string;
  project_id: string;
  fan_id: string | null;
  purpose: string;
  subject: Json;
  created_at: Date;
  expires_at: Date;
  flow_id: string | null;
  position: number | null;
}

export interface SignInTable {
  hash: Buffer;
  account_id: string;
  expires_at: Date;
  used_at: Date | null;
  user_id: string | null;
}

export interface SignUpTryTable {
  project_id: string;
  id: string;
  address: Buffer;
  network: Buffer | null;
  at: Date;
}

export interface StreamingGrantTable {
  project_id: string;
  fan_id: string;
  service: string;
  connection_id: string;
  provider_account: string;
  display_name: string | null;
  tokens: Buffer | null;
  scopes: string[];
  state: string;
  authorised_at: Date;
  dies_at: Date | null;
  proven_at: Date;
  notices: Generated<number>;
  asked_at: Date | null;
}

export interface SuppressionTable {
  project_id: string;
  address: string;
  reason: string;
  detail: string | null;
  at: Date;
}

export interface TextPriceTable {
  account_id: string;
  country: string;
  credits: number;
}

export interface VisitCountTable {
  project_id: string;
  subject_id: string;
  position: number;
  day: string;
  via: string;
  people: number;
  scanners: number;
}

export interface WaitingTable {
  project_id: string;
  key: string;
  work_id: string;
}

export interface WebhookCursorTable {
  is_only: Generated<boolean>;
  read_to: Date;
}

export interface WebhookDeliveryTable {
  project_id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  fan_id: string | null;
  state: Generated<string>;
  attempt: Generated<number>;
  due_at: Generated<Date>;
  history: Json;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

export interface WebhookEndpointTable {
  project_id: string;
  id: string;
  url: string;
  description: Generated<string>;
  types: Generated<string[]>;
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_until: Date | null;
  active_since: Generated<Date>;
  disabled_at: Date | null;
  disabled_for: string | null;
  failures: Generated<number>;
  resting_until: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
  created_at: Generated<Date>;
}

export interface WorkTable {
  project_id: string;
  id: string;
  kind: string;
  fan_id: string | null;
  flow_id: string | null;
  flow_version_id: string | null;
  run_id: string | null;
  position: Generated<number>;
  service: Generated<string>;
  priority: Generated<number>;
  state: Generated<number>;
  due_at: Date;
  not_before: Date | null;
  deadline_at: Date | null;
  lane: Generated<string>;
  attempt: Generated<number>;
  worker: string | null;
  lease: Generated<number>;
  promise: string | null;
  cancel: string | null;
  data: Json;
  created_at: Generated<Date>;
}

export interface WorkerTable {
  id: string;
  host: string;
  started_at: Generated<Date>;
  beat_at: Generated<Date>;
  acknowledged: Generated<number>;
}

export interface Schema {
  account: AccountTable;
  account_sign_in: AccountSignInTable;
  active_scope: ActiveScopeTable;
  address: AddressTable;
  api_key: ApiKeyTable;
  artist: ArtistTable;
  artist_service: ArtistServiceTable;
  artist_watch: ArtistWatchTable;
  artwork: ArtworkTable;
  attempt: AttemptTable;
  audit_entry: AuditEntryTable;
  block: BlockTable;
  budget: BudgetTable;
  budget_balance: BudgetBalanceTable;
  call_to_action: CallToActionTable;
  connection: ConnectionTable;
  consent: ConsentTable;
  credential_renewal: CredentialRenewalTable;
  credit_balance: CreditBalanceTable;
  credit_entry: CreditEntryTable;
  credit_limit: CreditLimitTable;
  detection: DetectionTable;
  email_report: EmailReportTable;
  email_sender: EmailSenderTable;
  erasure: ErasureTable;
  event: EventTable;
  event_key: EventKeyTable;
  evidence: EvidenceTable;
  fan: FanTable;
  fan_code: FanCodeTable;
  flow: FlowTable;
  flow_version: FlowVersionTable;
  followed: FollowedTable;
  gate: GateTable;
  go_live_task: GoLiveTaskTable;
  home_visit: HomeVisitTable;
  inbox_message: InboxMessageTable;
  instagram_comment: InstagramCommentTable;
  instagram_conversation: InstagramConversationTable;
  intent: IntentTable;
  invitation: InvitationTable;
  landing_page: LandingPageTable;
  lane: LaneTable;
  loan: LoanTable;
  member: MemberTable;
  message: MessageTable;
  migration: MigrationTable;
  oauth_state: OauthStateTable;
  opt_out: OptOutTable;
  outcome: OutcomeTable;
  project: ProjectTable;
  project_clock: ProjectClockTable;
  provider_use: ProviderUseTable;
  purpose: PurposeTable;
  reconciliation: ReconciliationTable;
  reentry: ReentryTable;
  release: ReleaseTable;
  release_message: ReleaseMessageTable;
  release_service: ReleaseServiceTable;
  release_told: ReleaseToldTable;
  rollup: RollupTable;
  revocation: RevocationTable;
  run: RunTable;
  save: SaveTable;
  seen_work: SeenWorkTable;
  segment: SegmentTable;
  segment_member: SegmentMemberTable;
  sender: SenderTable;
  short_link: ShortLinkTable;
  sign_in: SignInTable;
  sign_up_try: SignUpTryTable;
  streaming_grant: StreamingGrantTable;
  suppression: SuppressionTable;
  text_price: TextPriceTable;
  visit_count: VisitCountTable;
  waiting: WaitingTable;
  webhook_cursor: WebhookCursorTable;
  webhook_delivery: WebhookDeliveryTable;
  webhook_endpoint: WebhookEndpointTable;
  work: WorkTable;
  worker: WorkerTable;
}
