-- Who works here: people, their sign-ins, and what they may do.

-- ---------------------------------------------------------------- library schema

-- better-auth's own tables, under the names that it asks for; a test lets it compare them with what it
-- expects. Only `src/people/` reads and writes here.
create schema auth;

create table auth."user" (
  id uuid primary key,
  name text not null,
  -- Somebody who came by a link and set nothing yet has a placeholder (people/persons.ts).
  email text not null unique,
  "emailVerified" boolean not null default false,
  image text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now(),
  "twoFactorEnabled" boolean default false
);

create table auth.session (
  id uuid primary key,
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now(),
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid not null references auth."user" on delete cascade,
  -- Ours: opened by a link, not by a password; for a while it may set a new one.
  "openedByLinkAt" timestamptz
);
create index session_of_user on auth.session ("userId");

create table auth.account (
  id uuid primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" uuid not null references auth."user" on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now(),
  unique ("userId", "providerId")
);

create table auth.verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index verification_identifier on auth.verification (identifier);

create table auth."twoFactor" (
  id uuid primary key,
  secret text not null,
  "backupCodes" text not null,
  "userId" uuid not null references auth."user" on delete cascade,
  verified boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamptz
);
create index two_factor_secret on auth."twoFactor" (secret);
create index two_factor_user on auth."twoFactor" ("userId");

-- ---------------------------------------------------------------- directory tables

-- Sessions are the library's from here on.
drop table session;

-- A person in an account; what a role may is data in accounts/roles.ts (R89).
create table member (
  account_id uuid not null references account,
  user_id uuid not null references auth."user" on delete cascade,
  role text not null check (role in ('viewer', 'marketer', 'manager', 'owner')),
  created_at timestamptz not null default now(),
  primary key (account_id, user_id)
);
create index member_user on member (user_id);

create table invitation (
  id uuid primary key,
  account_id uuid not null references account,
  role text not null check (role in ('viewer', 'marketer', 'manager', 'owner')),
  -- For whom, in the words of who invites; nothing is sent there.
  note text not null default '',
  -- SHA-256 of the token in the link.
  hash bytea not null unique,
  invited_by uuid references auth."user" on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index invitation_account on invitation (account_id, id);

-- A link for one person; null: for the first owner of the account, who may not be there yet.
alter table sign_in add column user_id uuid references auth."user" on delete cascade;

-- How often somebody tried lately, under a hash of who and what.
create table attempt (
  key bytea primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index attempt_end on attempt (ends_at);

create index project_account on project (account_id);
create index api_key_project on api_key (project_id, id);

-- ---------------------------------------------------------------- audit

-- Emptying the whole table is altering, too (R90).
create trigger keep_audit_whole before truncate on audit_entry execute function keep_audit();
