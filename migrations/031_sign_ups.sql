-- Confirmations that went to addresses typed on the web, counted against pumping (R108). Keyed hashes:
-- who was where cannot be read from them. Pruned after eight days.
create table sign_up_try (
  project_id uuid not null,
  id uuid not null,
  address bytea not null,
  network bytea,
  at timestamptz not null,
  primary key (project_id, id)
);
create index sign_up_try_address on sign_up_try (address, at);
create index sign_up_try_network on sign_up_try (network, at);
create index sign_up_try_at on sign_up_try (project_id, at);
-- Pending sign-ups are few at any time (R97).
create index consent_pending on consent (granted_at) where active_at is null and revoked_at is null;
