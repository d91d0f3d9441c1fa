-- Going live (R104, R125).

-- Which live project was made from a test one; there is at most one.
alter table project add column live_project_id uuid references project on delete set null;

-- What a person said is done at a provider: nobody else tells.
create table go_live_task (
  project_id uuid not null,
  connector text not null,
  task text not null,
  done_at timestamptz not null,
  done_by text not null,
  primary key (project_id, connector, task)
);
