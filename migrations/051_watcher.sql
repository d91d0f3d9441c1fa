-- The watcher for new releases (R66): when an artist was looked at on a service, and is next.
create table artist_watch (
  project_id uuid not null,
  artist_id uuid not null,
  service text not null,
  -- Null: not yet.
  looked_at timestamptz,
  next_look_at timestamptz not null,
  failures int not null default 0,
  problem text,
  primary key (project_id, artist_id, service)
);

-- What it found there, whether or not it was news: read once, and what the same recordings are known by.
create table seen_work (
  project_id uuid not null,
  artist_id uuid not null,
  service text not null,
  service_id text not null,
  isrcs text[] not null,
  -- The release that it is; null: older than anybody's wish, or left out.
  release_id uuid,
  seen_at timestamptz not null,
  primary key (project_id, artist_id, service, service_id)
);

-- News of one canonical release, told to each fan who wishes for it, in chunks.
create table detection (
  project_id uuid not null,
  release_id uuid not null,
  artist_id uuid not null,
  released_on date not null,
  detected_at timestamptz not null,
  -- The event that each fan's own goes back to; null: not told yet.
  event_id uuid,
  -- The fan up to whom it was told.
  told_through uuid,
  told_at timestamptz,
  primary key (project_id, release_id)
);
create index detection_open on detection (detected_at) where told_at is null;
