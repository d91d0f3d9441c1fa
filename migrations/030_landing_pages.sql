-- Landing pages, and fans who come by them.

-- What stands on a page, as `landing-pages/content.ts` describes it. Each change is a version.
create table landing_page (
  project_id uuid not null,
  id uuid not null,
  -- Its public name, `/p/{slug}`: one of the whole installation.
  slug text not null unique,
  content jsonb not null,
  version integer not null default 1,
  is_published boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (project_id, id)
);

-- Other people's sites that may show a project's pages, or send its forms: origins.
alter table project add column embed_origins text[] not null default '{}';

-- Who signs in from a public page is a fan only once the service has said who she is.
alter table oauth_state alter column fan_id drop not null;

-- A streaming account is an address of a fan, too: `service:account`.
alter table address drop constraint address_channel_check;
alter table address add constraint address_channel_check
  check (channel in ('sms', 'email', 'instagram', 'account'));
create index streaming_grant_account on streaming_grant (provider_account, project_id, service)
  where state <> 'revoked';
