-- Who opened what: a landing page, or the link in what a step sent. Counts only, nothing of a fan (R93, R114).

-- The step that last sent the link.
alter table short_link add column flow_id uuid, add column position smallint;

create table visit_count (
  project_id uuid not null,
  -- A landing page (position 0), or a flow with the position of its step.
  subject_id uuid not null,
  position smallint not null,
  -- UTC, by the project's clock.
  day date not null,
  via text not null check (via in ('link', 'qr', 'frame')),
  people integer not null,
  -- Programs that look at links before people do.
  scanners integer not null,
  primary key (subject_id, day, position, via, project_id)
);
